namespace MediaGateway.Rtc.Sctp;

public enum DataChannelState
{
    /// <summary>We asked for it; the remote has not answered yet. Messages may be sent already (RFC 8832 section 6).</summary>
    Connecting,
    Open,

    /// <summary>One side has begun to close it; nothing more can be sent, nothing more is delivered.</summary>
    Closing,
    Closed,
}
