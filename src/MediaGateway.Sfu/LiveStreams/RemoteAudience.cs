using System.Collections.Immutable;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// A live stream's viewers on another worker, as its home sees them: one more viewer. The audience is told what viewers here are given,
/// and what it may still see is relayed to that worker, where a <see cref="LiveStreamMirror"/> stands for the stream.
/// </summary>
/// <param name="id">Number that the other worker gave the audience.</param>
/// <param name="link">Link to the other worker.</param>
internal sealed class RemoteAudience(int id, RelayLink link)
{
    private ImmutableArray<RelayTap> _video = [];
    private ImmutableArray<RelayTap> _audio = [];

    /// <summary>Publications that viewers may go on seeing until they have followed the last switches.</summary>
    private ImmutableArray<RelayTap> _leaving = [];

    /// <summary>Reason for which the viewers were sent away; null while they watch.</summary>
    private PeerCloseReason? _ended;

    /// <summary>Number of viewers, as last told.</summary>
    public int ViewerCount { get; set; }

    /// <summary>Has the viewers see and hear these publications from now on; null for nothing.</summary>
    public void Show(SourcePublications? video, SourcePublications? audio)
    {
        (ImmutableArray<RelayTap> beforeVideo, ImmutableArray<RelayTap> beforeAudio) = (_video, _audio);
        // First the new, so that what is in both goes on.
        _video = Acquire(video?.Video);
        _audio = Acquire(audio?.Audio);
        Tell(ProgramChange.Take);
        Release(beforeVideo);
        Release(beforeAudio);
        ReleaseLeaving();
    }

    /// <summary>Has the viewers hear these publications from now on; null for nothing.</summary>
    public void SetAudio(SourcePublications? audio)
    {
        ImmutableArray<RelayTap> before = _audio;
        _audio = Acquire(audio?.Audio);
        Tell(ProgramChange.Sound);
        Release(before);
    }

    /// <summary>Has the viewers see these publications from the next key frame on; until then what is seen goes on.</summary>
    public void SwitchTo(in SourcePublications video)
    {
        _leaving = _leaving.AddRange(_video);
        _video = Acquire(video.Video);
        Tell(ProgramChange.Switch);
    }

    /// <summary>Ends what viewers still see of what they were switched away from.</summary>
    public void Settle()
    {
        if (_leaving.IsEmpty)
            return;
        Tell(ProgramChange.Settle);
        ReleaseLeaving();
    }

    /// <summary>Lets go of all that is relayed: the viewers have gone.</summary>
    public void Close()
    {
        Release(_video);
        Release(_audio);
        ReleaseLeaving();
        (_video, _audio, ViewerCount) = ([], [], 0);
    }

    /// <summary>Has the viewers sent away: the stream has ended.</summary>
    public void End(PeerCloseReason reason)
    {
        _ended = reason;
        TellAgain();
        Close();
    }

    /// <summary>Tells the audience what its viewers see and hear, or that they are to go: what it was told may not have arrived.</summary>
    public void TellAgain()
    {
        if (_ended is { } reason)
            new LiveStreamMessage.Ended(id, reason).SendOn(link);
        else
            Tell(ProgramChange.Take);
    }

    private void Tell(ProgramChange change) => new LiveStreamMessage.Program(id, change, IdsOf(_video), IdsOf(_audio)).SendOn(link);

    private static ImmutableArray<int> IdsOf(ImmutableArray<RelayTap> taps) => [.. taps.Select(tap => tap.Id)];

    private ImmutableArray<RelayTap> Acquire(ImmutableArray<Publication>? publications) =>
        publications is { IsDefaultOrEmpty: false } some ? [.. some.Select(link.Acquire)] : [];

    private void Release(ImmutableArray<RelayTap> taps)
    {
        foreach (RelayTap tap in taps)
            link.Release(tap);
    }

    private void ReleaseLeaving()
    {
        Release(_leaving);
        _leaving = [];
    }
}
