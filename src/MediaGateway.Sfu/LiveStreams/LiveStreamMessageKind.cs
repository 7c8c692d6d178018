namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Kind of a message between the two ends of a relayed live stream; its first byte.</summary>
internal enum LiveStreamMessageKind : byte
{
    None,

    /// <summary>From home: what an audience is to see and hear.</summary>
    Program,

    /// <summary>From home: the stream has ended.</summary>
    Ended,

    /// <summary>To home: how many viewers an audience has.</summary>
    Audience,
}
