using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Datapath.Udp;

/// <summary>Sends each datagram back along its path.</summary>
internal sealed class EchoHandler(IDatagramSender sender) : IDatapathHandler
{
    private long _count;
    private long _allocatedAtStart;

    /// <summary>Number of the datagram from which on the thread's allocations count.</summary>
    public long WarmUp { get; init; }

    public long AllocatedBytes { get; private set; }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        datagram.CopyTo(sender.Reserve());
        sender.Commit(datagram.Length, path);
        if (++_count == WarmUp)
            _allocatedAtStart = GC.GetAllocatedBytesForCurrentThread();
        else if (_count > WarmUp)
            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart;
    }

    public MonotonicTime OnTick(MonotonicTime now) => MonotonicTime.Never;
}
