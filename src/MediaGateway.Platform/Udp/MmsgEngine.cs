using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;
using MediaGateway.Rtc.Primitives;
using Microsoft.Win32.SafeHandles;

namespace MediaGateway.Platform.Udp;

/// <summary>
/// The Linux engine: ppoll over the sockets and an eventfd, recvmmsg into the incoming slab, sendmmsg out of the
/// outgoing one. A worker has few sockets, where ppoll costs no more than epoll, and its timeout is exact on every
/// kernel. What leaves is gathered for one socket at a time: the place to join equal datagrams to one destination
/// when segmentation is left to the kernel.
/// </summary>
internal sealed unsafe class MmsgEngine : UdpEngine
{
    // As in <sys/socket.h> of Linux; the base library's enum has other numbers.
    private const ushort NativeInterNetwork = 2;
    private const ushort NativeInterNetworkV6 = 10;

    private readonly int[] _descriptors;
    private readonly AddressFamily[] _families;
    private readonly SafeFileHandle _wake;
    private readonly PollDescriptor[] _polls;
    private readonly MessageArray _received;
    private readonly MessageArray _sent;

    public MmsgEngine(SocketBinding binding, DatagramBatch incoming, DatagramBatch outgoing, DropCounters drops)
        : base(binding, incoming, outgoing, drops)
    {
        // The sockets live as long as the engine and keep their descriptors open.
        _descriptors = [.. Sockets.Select(socket => (int)socket.SafeHandle.DangerousGetHandle())];
        _families = [.. Sockets.Select(socket => socket.AddressFamily)];
        _received = new MessageArray(incoming.Capacity);
        _sent = new MessageArray(outgoing.Capacity);
        for (int i = 0; i < incoming.Capacity; i++)
            _received.Point(i, incoming.Slot(i));

        _wake = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (_wake.IsInvalid)
            throw new IOException($"eventfd failed with errno {Marshal.GetLastPInvokeError()}.");
        _polls = GC.AllocateArray<PollDescriptor>(_descriptors.Length + 1, pinned: true);
        for (int i = 0; i < _descriptors.Length; i++)
            _polls[i] = new PollDescriptor { Descriptor = _descriptors[i], Events = Libc.POLLIN };
        _polls[^1] = new PollDescriptor { Descriptor = (int)_wake.DangerousGetHandle(), Events = Libc.POLLIN };
    }

    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public override void Wait(TimeSpan timeout)
    {
        Statistics.CountWaitCall();
        TimeSpec limit = TimeSpec.From(timeout);
        if (Libc.Poll(Pointer(_polls), (nuint)_polls.Length, &limit, null) < 0)
        {
            // The results are as old as the last call's: a signal came first.
            foreach (ref PollDescriptor poll in _polls.AsSpan())
                poll.ReturnedEvents = 0;
            int error = Marshal.GetLastPInvokeError();
            if (error != Libc.EINTR)
                throw new IOException($"ppoll failed with errno {error}.");
        }
        if (_polls[^1].ReturnedEvents != 0)
            TakeWake();
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    protected override void ReceiveFrom(int local)
    {
        if (_polls[local].ReturnedEvents == 0)
            return;
        Statistics.CountReceiveCall();
        int first = Incoming.Count;
        uint room = (uint)(Incoming.Capacity - first);
        // A failure is the socket's pending error, which reading it has cleared, or a datagram with a bad checksum.
        int count = Libc.ReceiveMessages(_descriptors[local], _received.Headers + first, room, Libc.MSG_DONTWAIT, null);
        long bytes = 0;
        for (int i = first; i < first + count; i++)
        {
            ref MessageHeader header = ref _received.Headers[i];
            header.NameLength = SocketAddressCodec.IPv6Length;
            bytes += header.Length;
            TransportAddress remote = SocketAddressCodec.Read(_received.AddressOf(i), _families[local]);
            Incoming.Commit((int)header.Length, new NetworkPath((byte)local, remote));
        }
        Statistics.CountReceived(Math.Max(count, 0), bytes);
    }

    protected override void SendFrom(int local)
    {
        MessageHeader* next = _sent.Headers;
        int left = Gather(local);
        bool waited = false;
        while (left > 0)
        {
            Statistics.CountSendCall();
            int sent = Libc.SendMessages(_descriptors[local], next, (uint)left, Libc.MSG_DONTWAIT);
            int error = sent < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (sent > 0)
            {
                CountSent(next, sent);
                next += sent;
                left -= sent;
            }
            else if (error == Libc.EAGAIN && !waited)
            {
                WaitWritable(_descriptors[local]);
                waited = true;
            }
            else if (error == Libc.EAGAIN)
            {
                Drops.Count(DropReason.SendBufferFull, left);
                return;
            }
            else if (error != Libc.EINTR)
            {
                // The first datagram's own failure: no route, refused, too long. The others may still go.
                Drops.Count(error == Libc.ENOBUFS ? DropReason.SendBufferFull : DropReason.SendFailed);
                next++;
                left--;
            }
        }
    }

    protected override void SignalWake()
    {
        ulong one = 1;
        try
        {
            // Fails only when the counter is full, and then the worker wakes anyway.
            _ = Libc.Write(_wake, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody is left to wake.
        }
    }

    protected override void DrainWake()
    {
        ulong count;
        _ = Libc.Read(_wake, &count, sizeof(ulong));
    }

    /// <summary>Sets up a message for each outgoing datagram of the socket, in order.</summary>
    /// <returns>How many.</returns>
    private int Gather(int local)
    {
        AddressFamily family = _families[local];
        bool isIPv4 = family == AddressFamily.InterNetwork;
        int count = 0;
        for (int i = 0; i < Outgoing.Count; i++)
        {
            ref readonly NetworkPath path = ref Outgoing.PathOf(i);
            if (path.Local != local)
                continue;
            Span<byte> address = _sent.AddressOf(count);
            if (!SocketAddressCodec.TryWrite(path.Remote, address, family))
            {
                Drops.Count(DropReason.SendFailed);
                continue;
            }
            MemoryMarshal.Write(address, isIPv4 ? NativeInterNetwork : NativeInterNetworkV6);
            _sent.Headers[count].NameLength = isIPv4 ? SocketAddressCodec.IPv4Length : (uint)SocketAddressCodec.IPv6Length;
            _sent.Point(count, Outgoing[i]);
            count++;
        }
        return count;
    }

    private void CountSent(MessageHeader* first, int count)
    {
        long bytes = 0;
        for (int i = 0; i < count; i++)
            bytes += first[i].Length;
        Statistics.CountSent(count, bytes);
    }

    private static void WaitWritable(int descriptor)
    {
        PollDescriptor poll = new() { Descriptor = descriptor, Events = Libc.POLLOUT };
        TimeSpec limit = TimeSpec.From(SendPatience);
        _ = Libc.Poll(&poll, 1, &limit, null);
    }

    private static PollDescriptor* Pointer(PollDescriptor[] pinned) =>
        (PollDescriptor*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
