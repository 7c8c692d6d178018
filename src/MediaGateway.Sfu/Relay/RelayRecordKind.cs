namespace MediaGateway.Sfu.Relay;

/// <summary>Kind of a record; its first byte. docs/relay.md has their layouts.</summary>
internal enum RelayRecordKind : byte
{
    None,

    /// <summary>A packet of a publication.</summary>
    Packet,

    /// <summary>Timing of an encoding and its publisher's clock, as sender reports have told it.</summary>
    Timing,

    /// <summary>A publication begins to be relayed, or its ranks have changed: all that its packets do not say themselves.</summary>
    Publication,

    /// <summary>A publication is no longer relayed.</summary>
    PublicationEnded,

    /// <summary>A key frame of an encoding is wanted.</summary>
    KeyFrame,

    /// <summary>A message of a topic, whose owner knows what it says.</summary>
    Message,

    /// <summary>Parameter sets of an encoding that viewers there may not have seen.</summary>
    ParameterSets,

    /// <summary>The numbers of all publications that are relayed, after some records were lost: all others have ended.</summary>
    Publications,
}
