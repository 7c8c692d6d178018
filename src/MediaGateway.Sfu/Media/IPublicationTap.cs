using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Media;

/// <summary>Takes all of a publication's packets as they come, muted or not, to where they are forwarded by somebody else.</summary>
internal interface IPublicationTap
{
    /// <summary>The packet is borrowed for the call.</summary>
    public void OnPacket(PublishedEncoding encoding, in MediaPacket packet, MonotonicTime now);
}
