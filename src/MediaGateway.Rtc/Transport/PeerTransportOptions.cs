using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Rtc.Transport;

/// <summary>Options of a peer's transport besides the negotiated session.</summary>
public sealed record PeerTransportOptions
{
    public required IceCredentials LocalIce { get; init; }

    public IceOptions Ice { get; init; } = IceOptions.Default;

    /// <summary>The role in ICE: lite for the gateway, which must not be able to send first; a full one for clients.</summary>
    public IceRole IceRole { get; init; } = IceRole.ControlledLite;

    public DtlsOptions Dtls { get; init; } = DtlsOptions.Default;

    public required RtpSessionOptions Rtp { get; init; }
}
