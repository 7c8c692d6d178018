using System.ComponentModel.DataAnnotations;

namespace MediaGateway.Server.Options;

/// <summary>Limits of a participant's signaling connection.</summary>
internal sealed record SignalingOptions
{
    /// <summary>Largest message from a client, and largest join request once it is unpacked, bytes.</summary>
    [Range(64 * 1024, 16 * 1024 * 1024)]
    public int MaxMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>Sustained messages a second from one client.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerSecond { get; init; } = 100;

    /// <summary>Messages one client may send at once before the rate above applies.</summary>
    [Range(1, 1_000_000)]
    public int MessageBurst { get; init; } = 500;

    /// <summary>Messages that wait for a client that does not read, before it is cut off.</summary>
    [Range(16, 1_000_000)]
    public int MaxQueuedMessages { get; init; } = 1_000;

    /// <summary>Bytes of the messages that wait for such a client.</summary>
    [Range(64 * 1024, 1 << 30)]
    public int MaxQueuedBytes { get; init; } = 4 * 1024 * 1024;
}
