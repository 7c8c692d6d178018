namespace MediaGateway.Server.Options;

/// <summary>What a participant's signaling connection may cost.</summary>
internal sealed record SignalingOptions
{
    /// <summary>Largest message from a client, and largest join request once it is unpacked, bytes.</summary>
    public int MaxMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>Sustained messages a second from one client.</summary>
    public int MessagesPerSecond { get; init; } = 100;

    /// <summary>Messages one client may send at once before the rate above applies.</summary>
    public int MessageBurst { get; init; } = 500;

    /// <summary>Messages that wait for a client that does not read, before it is cut off.</summary>
    public int MaxQueuedMessages { get; init; } = 1_000;

    /// <summary>Their bytes.</summary>
    public int MaxQueuedBytes { get; init; } = 4 * 1024 * 1024;
}
