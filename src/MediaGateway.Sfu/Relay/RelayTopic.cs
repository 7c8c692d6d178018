namespace MediaGateway.Sfu.Relay;

/// <summary>
/// Number of a topic: of what kind the messages are that two ends of a relay send each other beside media. What they say is their
/// owner's business; the relay carries them as bytes.
/// </summary>
/// <param name="Number">A number of the owner's alone, the same at both ends.</param>
internal readonly record struct RelayTopic(byte Number);
