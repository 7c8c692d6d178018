namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// Why a datagram or packet went no further. Every early return on the packet path names one; they are counted
/// (<see cref="DropCounters"/>), never logged one by one. The names are the metric's label values.
/// </summary>
public enum DropReason
{
    None,

    // Demultiplexing (RFC 7983)
    UnknownProtocol,
    UnknownPeer,
    RateLimited,

    // STUN (RFC 8489) and ICE (RFC 8445)
    StunMalformed,
    StunNotARequest,
    StunUnknownUsername,
    StunBadIntegrity,
    StunBadFingerprint,

    // DTLS
    DtlsBeforeIce,
    HandshakeQueueFull,
    DtlsMalformed,
    DtlsIllegalRecord,
    DtlsTooManyEarlyRecords,
    DtlsEnded,

    // SRTP (RFC 3711)
    NoKeys,
    AuthFailed,
    Replay,
    TooShort,
    TooManySources,

    // RTP and RTCP
    Malformed,
    UnknownStream,
    UnknownPayloadType,
    DuplicateOrOld,
    EmptyPadding,

    // SCTP (RFC 9260)
    SctpMalformed,
    SctpBadChecksum,
    SctpUnknownAssociation,
    SctpUnknownChunk,
    SctpUnexpectedChunk,
    SctpWindowExceeded,

    // Forwarding
    NoSubscribers,
    Muted,
    AwaitingKeyFrame,
    LayerMismatch,
    CodecMismatch,
    NotConnected,
    RetransmissionExpired,
    NackBudgetExceeded,
    PacingExpired,
    TooLong,
    RelayFull,
    Shed,
    BandwidthLimited,
    ParameterSetTooLong,

    // Data channels
    NotAllowed,
    BacklogFull,

    // Sending
    SendBufferFull,
    SendFailed,

    // Faults injected by a test's fault hook
    InjectedFault,
}
