namespace MediaGateway.Sfu.Relay;

/// <summary>Running totals of what crosses between a worker and the others. Written by the worker only; readable from any thread.</summary>
public sealed class RelayStatistics
{
    private long _packetsSent;
    private long _packetsReceived;

    /// <summary>Packets handed to other workers, once for each of them.</summary>
    public long PacketsSent => Volatile.Read(ref _packetsSent);

    /// <summary>Packets taken over from other workers.</summary>
    public long PacketsReceived => Volatile.Read(ref _packetsReceived);

    internal void CountSent() => _packetsSent++;

    internal void CountReceived() => _packetsReceived++;
}
