using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Workers;

/// <summary>The datagrams that a worker sends, in order, until they are taken.</summary>
public sealed class SentDatagrams : IDatagramSender, IWakeup
{
    private readonly byte[] _slot = new byte[IDatagramSender.MaxDatagram];
    private readonly Queue<(NetworkPath Path, byte[] Bytes)> _sent = new();

    /// <summary>Number of datagrams ever sent.</summary>
    public long Total { get; private set; }

    /// <summary>Number of datagrams sent when the worker last asked for what is kept to leave at once.</summary>
    public long TotalAtFlush { get; private set; }

    /// <summary>False: only counts, and allocates nothing.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>Thrown at whatever is sent, as by a bug; null for none.</summary>
    public Exception? FailsWith { get; set; }

    /// <summary>Called for whatever is sent, before it is.</summary>
    public Action? Sending { get; set; }

    public Span<byte> Reserve() => _slot;

    public void Commit(int length, in NetworkPath path)
    {
        if (FailsWith is not null)
            throw FailsWith;
        Sending?.Invoke();
        Total++;
        if (Keeps)
            _sent.Enqueue((path, _slot[..length]));
    }

    public void Flush() => TotalAtFlush = Total;

    public void Wake()
    {
    }

    public bool TryTake(out (NetworkPath Path, byte[] Bytes) datagram) => _sent.TryDequeue(out datagram);
}
