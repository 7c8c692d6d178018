using System.Net;

namespace MediaGateway.LoadTester.Servers;

/// <summary>How Janus is started.</summary>
internal sealed record JanusOptions
{
    /// <summary>
    /// Where Janus receives and sends media. An address of an interface that is up and not the loopback one: Janus gathers
    /// no candidates there and has no setting for it, and its sockets are bound to the addresses that it gathered, so that
    /// rewriting a candidate does not help either. In a network namespace made by <c>tests/netns.sh</c> it is
    /// <c>TEST_HOST_ADDRESS</c>; what is sent to it never leaves the kernel's loopback path.
    /// </summary>
    public required IPAddress MediaAddress { get; init; }

    /// <summary>
    /// Threads that serve all peer connections together; null for Janus's default, a thread of its own for every peer
    /// connection.
    /// </summary>
    public int? EventLoops { get; init; }

    public string Executable { get; init; } = "/usr/bin/janus";

    /// <summary>First and last UDP port for media; below the ports that the kernel gives to clients.</summary>
    public (int First, int Last) MediaPorts { get; init; } = (10_000, 32_000);

    /// <summary>Of any one answer of Janus, and of its start.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);
}
