using System.Net;

namespace MediaGateway.LoadTester.Servers;

/// <summary>Settings that Janus is started with.</summary>
internal sealed record JanusOptions
{
    /// <summary>
    /// Address at which Janus receives and sends media: one of an interface that is up and is not the loopback one. Janus passes
    /// that one over when it gathers candidates, whatever its settings, and binds its sockets to what it gathered, so that
    /// another address in the candidates would not help. In the network namespace of <c>tests/netns.sh</c> it is
    /// <c>TEST_HOST_ADDRESS</c>; packets to it go through the kernel's loopback all the same, and have no way out.
    /// </summary>
    public required IPAddress MediaAddress { get; init; }

    /// <summary>Threads that all handles share; null for Janus's default, one thread for each handle.</summary>
    public int? EventLoops { get; init; }

    public string Executable { get; init; } = "/usr/bin/janus";

    /// <summary>First and last UDP port for media; below the ports that the kernel gives to clients.</summary>
    public (int First, int Last) MediaPorts { get; init; } = (10_000, 32_000);

    /// <summary>Time limit for one answer of Janus, and for its start.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);
}
