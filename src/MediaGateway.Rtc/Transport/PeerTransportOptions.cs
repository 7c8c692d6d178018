using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Transport;

/// <summary>What a peer's transport needs besides the negotiated session.</summary>
public sealed record PeerTransportOptions
{
    public required IceCredentials LocalIce { get; init; }

    public IceOptions Ice { get; init; } = IceOptions.Default;

    /// <summary>The role in ICE: lite for the gateway, which must not be able to send first; a full one for clients.</summary>
    public IceRole IceRole { get; init; } = IceRole.ControlledLite;

    public DtlsOptions Dtls { get; init; } = DtlsOptions.Default;

    public required NtpClock Clock { get; init; }

    /// <summary>Canonical name in our RTCP (RFC 7022).</summary>
    public required string CanonicalName { get; init; }

    /// <summary>
    /// RTCP reports leave at multiples of this, so that a worker with many peers wakes up once for those of several. Zero: at any time.
    /// </summary>
    public TimeSpan ReportGrid { get; init; }
}
