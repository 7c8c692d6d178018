using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A peer that sends media: one publication per media section it may send.</summary>
public sealed class Publisher : Peer
{
    /// <summary>Time without media after which a publisher does not defend its stream against a successor.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly List<Publication> _publications = [];
    private MonotonicTime _lastMedia;

    public Publisher(PeerId id, PeerTransport transport)
        : base(id, transport)
    {
        foreach (RtpReceiver receiver in transport.Rtp.Receivers)
            _publications.Add(new Publication(this, receiver));
    }

    public IReadOnlyList<Publication> Publications => _publications;

    internal LiveStream? Stream { get; set; }

    /// <summary>The publication of a kind; null when the publisher has none.</summary>
    public Publication? Find(MediaKind kind) => _publications.Find(publication => publication.Kind == kind);

    public bool IsSilent(MonotonicTime now) => now - (_lastMedia > Since ? _lastMedia : Since) > Silence;

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
        _lastMedia = now;
        base.OnMedia(receiver, packet, now);
    }

    protected override void OnConnected(MonotonicTime now) => Stream?.OnPublisherConnected(this, now);

    protected internal override void OnRemoved(PeerCloseReason reason, MonotonicTime now) => Stream?.Remove(this, now);
}
