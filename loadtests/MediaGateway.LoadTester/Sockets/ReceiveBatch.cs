using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;

namespace MediaGateway.LoadTester.Sockets;

/// <summary>
/// Takes datagrams from a socket many at a time, each with the time at which the kernel had it (SO_TIMESTAMPNS), so that latency is
/// the server's and the kernel's, however late the tester reads. Ownership: one a loop; spans are borrowed until the next
/// <see cref="Receive"/>.
/// </summary>
internal sealed unsafe class ReceiveBatch
{
    public const int Capacity = 32;

    private const int SlotSize = 2048;

    /// <summary>struct cmsghdr (16 bytes) and a struct timespec.</summary>
    private const int ControlSize = 32;
    private const int ControlDataOffset = 16;

    private readonly MessageHeader[] _headers = GC.AllocateArray<MessageHeader>(Capacity, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(Capacity, pinned: true);
    private readonly byte[] _slab = GC.AllocateArray<byte>(Capacity * SlotSize, pinned: true);
    private readonly byte[] _control = GC.AllocateArray<byte>(Capacity * ControlSize, pinned: true);

    public ReceiveBatch()
    {
        for (int i = 0; i < Capacity; i++)
        {
            _vectors[i].Base = Unsafe.AsPointer(ref _slab[i * SlotSize]);
            _vectors[i].Length = SlotSize;
            _headers[i].Vectors = (IoVector*)Unsafe.AsPointer(ref _vectors[i]);
            _headers[i].VectorCount = 1;
            _headers[i].Control = Unsafe.AsPointer(ref _control[i * ControlSize]);
        }
    }

    public static void EnableTimestamps(Socket socket)
    {
        int on = 1;
        socket.SetRawSocketOption(Libc.SOL_SOCKET, NativeMethods.SO_TIMESTAMPNS, MemoryMarshal.AsBytes(new Span<int>(ref on)));
    }

    /// <summary>Takes what is there, at most <see cref="Capacity"/>; 0 when nothing is.</summary>
    public int Receive(Socket socket)
    {
        foreach (ref MessageHeader header in _headers.AsSpan())
            header.ControlLength = ControlSize;
        int count = Libc.ReceiveMessages(
            socket.SafeHandle.DangerousGetHandle().ToInt32(), (MessageHeader*)Unsafe.AsPointer(ref _headers[0]), Capacity,
            Libc.MSG_DONTWAIT, null);
        return Math.Max(count, 0);
    }

    public Span<byte> Datagram(int index) => _slab.AsSpan(index * SlotSize, (int)_headers[index].Length);

    /// <summary>Time at which the kernel received the datagram, in ticks of <see cref="DateTime.UtcNow"/>.</summary>
    public long ArrivalOf(int index)
    {
        ReadOnlySpan<long> time = MemoryMarshal.Cast<byte, long>(_control.AsSpan((index * ControlSize) + ControlDataOffset, 16));
        return DateTime.UnixEpoch.Ticks + (time[0] * TimeSpan.TicksPerSecond) + (time[1] / TimeSpan.NanosecondsPerTick);
    }
}
