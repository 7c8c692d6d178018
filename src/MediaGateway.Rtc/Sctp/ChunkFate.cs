namespace MediaGateway.Rtc.Sctp;

/// <summary>Outcome for a received DATA chunk.</summary>
internal enum ChunkFate
{
    /// <summary>The chunk is a whole message and is to be delivered now.</summary>
    Deliver,

    /// <summary>The chunk was copied; a message may be complete now.</summary>
    Held,

    /// <summary>Acknowledged, but of no use.</summary>
    Ignored,

    /// <summary>The chunk was refused for want of room: the sender must send it again.</summary>
    NoRoom,

    /// <summary>The chunk's message is longer than we accept.</summary>
    TooLong,
}
