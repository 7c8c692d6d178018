namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Kind of a message between the two ends of a relayed live stream; its first byte.</summary>
internal enum LiveStreamMessageKind : byte
{
    None,

    /// <summary>Message from home: the program that an audience is to see and hear.</summary>
    Program,

    /// <summary>Message from home: the stream has ended.</summary>
    Ended,

    /// <summary>Message to home: the number of viewers of an audience.</summary>
    Audience,

    /// <summary>Message to home: all audiences that there are, after some messages were lost.</summary>
    Audiences,
}
