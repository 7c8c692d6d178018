namespace MediaGateway.Sfu.Relay;

/// <summary>
/// Running totals of the packets that cross between a worker and the others. Written by the worker only; readable from any thread.
/// </summary>
public sealed class RelayStatistics
{
    private long _packetsSent;
    private long _packetsReceived;
    private long _statesSent;

    /// <summary>Number of packets handed to other workers, counted once for each of them.</summary>
    public long PacketsSent => Volatile.Read(ref _packetsSent);

    /// <summary>Number of packets taken over from other workers.</summary>
    public long PacketsReceived => Volatile.Read(ref _packetsReceived);

    /// <summary>
    /// Number of times that more waited for another worker than may, so that it was sent the whole state in place of the changes.
    /// </summary>
    public long StatesSent => Volatile.Read(ref _statesSent);

    internal void CountSent() => _packetsSent++;

    internal void CountReceived() => _packetsReceived++;

    internal void CountStateSent() => _statesSent++;
}
