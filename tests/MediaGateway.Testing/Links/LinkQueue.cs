namespace MediaGateway.Testing.Links;

/// <summary>The packets that wait before a bottleneck, first in, first out.</summary>
internal sealed class LinkQueue
{
    private readonly Queue<QueuedPacket> _packets = new();

    public int Bytes { get; private set; }

    public void Add(QueuedPacket packet)
    {
        _packets.Enqueue(packet);
        Bytes += packet.Bytes;
    }

    public QueuedPacket? Take()
    {
        if (!_packets.TryDequeue(out QueuedPacket? packet))
            return null;
        Bytes -= packet.Bytes;
        return packet;
    }
}
