using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>
/// A track of a remote member: under an id of this room's own, the media of a track that is elsewhere. The original is wanted at its
/// best for as long as it is shown.
/// </summary>
internal sealed class RemoteTrack : TrackPublication
{
    private TrackInfo _shown;

    public RemoteTrack(RemoteMember publisher, ParticipantTrack original, MonotonicTime now)
        : base(publisher, original.Info with { Sid = publisher.Room.NextTrack() })
    {
        Original = original;
        _shown = original.Info;
        Level?.SetMuted(Info.Muted);
        SetPublication(original.Publication!, now);
        original.Hold(now);
    }

    /// <summary>The track that is shown, in its own room.</summary>
    public ParticipantTrack Original { get; }

    /// <summary>Shows the original as it is now.</summary>
    public void OnOriginalChanged(MonotonicTime now)
    {
        if (ReferenceEquals(Original.Info, _shown))
            return;
        _shown = Original.Info;
        Info = _shown with { Sid = Sid, Version = Info.Version + 1 };
        Layers = Original.Layers;
        Level?.SetMuted(Info.Muted);
        SetPublication(Original.Publication!, now);
    }

    internal override void End(MonotonicTime now)
    {
        Original.Release(now);
        base.End(now);
    }
}
