namespace MediaGateway.Rtc.Sctp;

/// <summary>What became of a received DATA chunk.</summary>
internal enum ChunkFate
{
    /// <summary>It is a whole message, to be delivered now.</summary>
    Deliver,

    /// <summary>It was copied; perhaps a message is ready now.</summary>
    Held,

    /// <summary>Acknowledged, but of no use.</summary>
    Ignored,

    /// <summary>Not taken: it must come again.</summary>
    NoRoom,

    /// <summary>Its message exceeds what we accept.</summary>
    TooLong,
}
