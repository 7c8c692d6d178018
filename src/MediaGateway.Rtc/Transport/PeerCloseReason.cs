namespace MediaGateway.Rtc.Transport;

/// <summary>Why a peer's transport ended: every end has exactly one.</summary>
public enum PeerCloseReason
{
    None,

    /// <summary>The first authenticated connectivity check did not come in time.</summary>
    IceTimeout,

    /// <summary>Checks stopped coming: consent to send expired (RFC 7675).</summary>
    ConsentExpired,

    DtlsTimeout,
    DtlsFailed,

    /// <summary>The certificate was not the one the SDP promised (RFC 8122).</summary>
    FingerprintMismatch,

    /// <summary>The two sides have no SRTP profile in common (RFC 5764).</summary>
    NoSrtpProfile,

    /// <summary>The peer said close_notify.</summary>
    ClosedByPeer,

    /// <summary>The session's resource was deleted by its client.</summary>
    ClosedByClient,

    /// <summary>Another publisher took the stream over.</summary>
    Replaced,

    /// <summary>The live stream was deleted.</summary>
    StreamDeleted,

    /// <summary>The gateway is stopping.</summary>
    ShuttingDown,

    /// <summary>A bug was hit while handling this peer; it is discarded, never the process.</summary>
    InternalError,
}
