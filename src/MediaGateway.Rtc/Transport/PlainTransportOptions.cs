using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Srtp;

namespace MediaGateway.Rtc.Transport;

/// <summary>Parameters that a plain transport is given instead of negotiating them.</summary>
public sealed record PlainTransportOptions
{
    /// <summary>The path of all its datagrams, in both directions.</summary>
    public required NetworkPath Path { get; init; }

    /// <summary>The keys of SRTP, agreed on elsewhere; null for RTP in the clear, which only a trusted network may carry.</summary>
    public SrtpMasterKeys? Keys { get; init; }

    public required RtpSessionOptions Rtp { get; init; }
}
