namespace MediaGateway.Sfu.Relay;

/// <summary>What a record says; its first byte. docs/relay.md has their layouts.</summary>
internal enum RelayRecordKind : byte
{
    None,

    /// <summary>A packet of a publication.</summary>
    Packet,

    /// <summary>What sender reports have said of an encoding, and of its publisher's clock.</summary>
    Timing,

    /// <summary>A publication is, or goes on being, relayed: all that its packets do not say themselves.</summary>
    Publication,

    /// <summary>Nothing more comes of a publication.</summary>
    PublicationEnded,

    /// <summary>What a stream's viewers are to see and hear.</summary>
    Program,

    /// <summary>The stream is no more.</summary>
    StreamEnded,

    /// <summary>How many viewers a stream has on the worker that says so.</summary>
    Audience,

    /// <summary>A key frame of an encoding is wanted.</summary>
    KeyFrame,
}
