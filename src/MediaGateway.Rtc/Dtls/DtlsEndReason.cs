namespace MediaGateway.Rtc.Dtls;

/// <summary>Why a DTLS endpoint reached <see cref="DtlsState.Closed"/> or <see cref="DtlsState.Failed"/>.</summary>
public enum DtlsEndReason
{
    /// <summary>The peer sent close_notify.</summary>
    ClosedByPeer,

    /// <summary>We were asked to close.</summary>
    ClosedLocally,

    /// <summary>The remote did not finish the handshake before its deadline.</summary>
    HandshakeTimeout,

    /// <summary>The handshake failed: an alert, or nothing in common.</summary>
    HandshakeFailed,

    /// <summary>The handshake completed without a common SRTP profile (RFC 5764 section 4.1): unusable for media.</summary>
    NoSrtpProfile,

    /// <summary>The library reported a fatal error on an established connection.</summary>
    ProtocolError,
}
