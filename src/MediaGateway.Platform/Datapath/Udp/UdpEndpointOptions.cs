using System.Net;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>The sockets that one worker binds: one for each local address, all with the same port.</summary>
public sealed class UdpEndpointOptions
{
    /// <summary>
    /// Local unicast addresses, 1 to 255. Never a wildcard: a socket bound to it answers from whichever source
    /// address the route prefers, and a peer that used another one drops the answer.
    /// </summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    /// <summary>Port of all sockets; 0 lets the system choose one that is free on all addresses.</summary>
    public int Port { get; init; }

    /// <summary>Requested SO_RCVBUF of each socket, bytes.</summary>
    public int ReceiveBufferBytes { get; init; } = 4 << 20;

    /// <summary>Requested SO_SNDBUF of each socket, bytes.</summary>
    public int SendBufferBytes { get; init; } = 4 << 20;

    /// <summary>Most datagrams that are received before timers run and answers leave.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Most datagrams that are gathered before they leave. Those to one destination are written one after the other, so that more
    /// would only fall out of the processor's cache. A batch that is not full leaves at the end of the turn.
    /// </summary>
    public int SendBatchSize { get; init; } = 256;

    /// <summary>True when equal datagrams to one destination leave as one buffer that the kernel cuts apart, where it can.</summary>
    public bool Segmentation { get; init; } = true;

    public DatapathEngine Engine { get; init; }
}
