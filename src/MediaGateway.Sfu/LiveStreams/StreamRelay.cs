using System.Collections.Immutable;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// A live stream's viewers on another worker, as the stream sees them: they are told what viewers here are given, and what
/// they may still see is relayed to them.
/// </summary>
/// <param name="audience">Their name for themselves.</param>
/// <param name="link">Where they are.</param>
internal sealed class StreamRelay(int audience, RelayLink link)
{
    private ImmutableArray<RelayTap> _video = [];
    private ImmutableArray<RelayTap> _audio = [];

    /// <summary>What viewers may go on seeing until they have followed the last switches.</summary>
    private ImmutableArray<RelayTap> _leaving = [];

    public int ViewerCount { get; set; }

    /// <summary>Sees and hears this from now on; null for nothing.</summary>
    public void SetSource(SourceMedia? video, SourceMedia? audio)
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

    public void SetAudio(SourceMedia? audio)
    {
        ImmutableArray<RelayTap> before = _audio;
        _audio = Acquire(audio?.Audio);
        Tell(ProgramChange.Sound);
        Release(before);
    }

    /// <summary>Sees this from its next key frame on; until then what is seen goes on.</summary>
    public void SwitchTo(in SourceMedia video)
    {
        _leaving = _leaving.AddRange(_video);
        _video = Acquire(video.Video);
        Tell(ProgramChange.Switch);
    }

    public void Settle()
    {
        if (_leaving.IsEmpty)
            return;
        Tell(ProgramChange.Settle);
        ReleaseLeaving();
    }

    /// <summary>The viewers have gone.</summary>
    public void Close()
    {
        Release(_video);
        Release(_audio);
        ReleaseLeaving();
        (_video, _audio, ViewerCount) = ([], [], 0);
    }

    /// <summary>The stream is no more: the viewers are sent away.</summary>
    public void End(PeerCloseReason reason)
    {
        link.TellStreamEnded(audience, reason);
        Close();
    }

    private void Tell(ProgramChange change) => link.TellProgram(audience, change, _video, _audio);

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
