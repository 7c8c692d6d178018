namespace MediaGateway.Rtc.Sctp;

public enum SendResult
{
    /// <summary>Copied; it is sent, and retransmitted as far as the channel wants that, without further ado.</summary>
    Buffered,

    /// <summary>Longer than the remote accepts, or than our buffer could ever hold.</summary>
    TooLarge,

    /// <summary>The association's send buffer has no room: wait for the channel to drain, or leave the message out.</summary>
    BufferFull,

    /// <summary>The channel or its association is closing or closed.</summary>
    Closed,
}
