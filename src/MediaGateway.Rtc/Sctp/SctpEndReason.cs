namespace MediaGateway.Rtc.Sctp;

public enum SctpEndReason
{
    /// <summary>We closed it.</summary>
    ClosedLocally,

    /// <summary>The remote sent ABORT or SHUTDOWN.</summary>
    ClosedByPeer,

    /// <summary>The remote did not answer INIT or COOKIE ECHO.</summary>
    HandshakeTimeout,

    /// <summary>The remote acknowledged nothing in spite of all retransmissions.</summary>
    RetransmissionLimit,

    /// <summary>The remote sent what no implementation sends, or a message longer than we accept.</summary>
    ProtocolViolation,
}
