namespace MediaGateway.Sfu.Relay;

/// <summary>
/// Running totals of the packets that cross between a worker and the others. Written by the worker only; readable from any thread.
/// </summary>
public sealed class RelayStatistics
{
    private long _packetsSent;
    private long _packetsReceived;

    /// <summary>Number of packets handed to other workers, counted once for each of them.</summary>
    public long PacketsSent => Volatile.Read(ref _packetsSent);

    /// <summary>Number of packets taken over from other workers.</summary>
    public long PacketsReceived => Volatile.Read(ref _packetsReceived);

    internal void CountSent() => _packetsSent++;

    internal void CountReceived() => _packetsReceived++;
}
