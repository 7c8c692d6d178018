using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Media;

/// <summary>
/// Gets every packet of a publication as it comes, muted or not, whatever the publication's origin: an observer such as a meter, or a
/// carrier that takes the packets to where somebody else forwards them.
/// </summary>
internal interface IPublicationTap
{
    /// <summary>True when the packets reach subscribers elsewhere, so that the publication counts as subscribed to.</summary>
    public bool CarriesToSubscribers { get; }

    /// <summary>A packet, borrowed for the call.</summary>
    public void OnPacket(PublishedEncoding encoding, in MediaPacket packet, MonotonicTime now);
}
