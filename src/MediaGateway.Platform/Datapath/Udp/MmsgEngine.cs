using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;
using MediaGateway.Rtc.Primitives;
using Microsoft.Win32.SafeHandles;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>
/// The Linux engine: ppoll over the sockets and an eventfd, recvmmsg into the incoming slab, sendmmsg out of the
/// outgoing one. A worker has few sockets, where ppoll costs no more than epoll, and its timeout is exact on every
/// kernel. Outgoing datagrams are gathered for one socket at a time, and those of equal length to one destination become one buffer
/// that the kernel cuts apart (UDP_SEGMENT), because the way through its stack is most of what a datagram costs.
/// </summary>
internal sealed unsafe class MmsgEngine : UdpEngine
{
    // As in <sys/socket.h> of Linux; the base library's enum has other numbers.
    private const ushort NativeInterNetwork = 2;
    private const ushort NativeInterNetworkV6 = 10;

    /// <summary>CMSG_SPACE of a struct timespec on 64-bit Linux: a header of 16 bytes and the value.</summary>
    private const int TimestampSpace = 32;
    private const int ControlHeaderLength = 16;

    private const int RefusalsToGiveUp = 16;

    /// <summary>Value of the count of refusals once the kernel has taken a segmented buffer.</summary>
    private const int TakesSegments = -1;

    private readonly int[] _descriptors;
    private readonly AddressFamily[] _families;
    private readonly SafeFileHandle _wake;
    private readonly PollDescriptor[] _polls;
    private readonly MessageArray _received;
    private readonly byte[] _timestamps;
    private readonly DatagramRuns _runs;
    private readonly SegmentedMessages _sent;
    private int _maxSegments;

    /// <summary>Number of segmented buffers that the kernel refused, as long as it has never taken one.</summary>
    private int _refusals;

    public MmsgEngine(SocketBinding binding, DatagramBatch incoming, DatagramBatch outgoing, DropCounters drops, bool isSegmenting)
        : base(binding, incoming, outgoing, drops)
    {
        _maxSegments = isSegmenting ? DatagramRuns.MaxSegments : 1;
        // The sockets live as long as the engine and keep their descriptors open.
        _descriptors = [.. Sockets.Select(socket => (int)socket.SafeHandle.DangerousGetHandle())];
        _families = [.. Sockets.Select(socket => socket.AddressFamily)];
        _received = new MessageArray(incoming.Capacity);
        _runs = new DatagramRuns(outgoing.Capacity);
        _sent = new SegmentedMessages(outgoing.Capacity);
        for (int i = 0; i < incoming.Capacity; i++)
            _received.Point(i, incoming.Slot(i));
        _timestamps = GC.AllocateArray<byte>(incoming.Capacity / UdpDatapath.AgeInterval * TimestampSpace + TimestampSpace, pinned: true);
        for (int i = 0; i < incoming.Capacity; i += UdpDatapath.AgeInterval)
            _received.Headers[i].Control = Unsafe.AsPointer(ref _timestamps[i / UdpDatapath.AgeInterval * TimestampSpace]);
        foreach (Socket socket in Sockets)
            AskForTimestamps(socket);

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

    public override TimeSpan? AgeOf(int index)
    {
        if (index % UdpDatapath.AgeInterval != 0 || index >= Incoming.Count || _received.Headers[index].ControlLength < TimestampSpace)
            return null;
        ReadOnlySpan<byte> message = _timestamps.AsSpan(index / UdpDatapath.AgeInterval * TimestampSpace, TimestampSpace);
        if (MemoryMarshal.Read<int>(message[8..]) != Libc.SOL_SOCKET || MemoryMarshal.Read<int>(message[12..]) != Libc.SO_TIMESTAMPNS)
            return null;
        TimeSpan age = DateTime.UtcNow - DateTime.UnixEpoch - MemoryMarshal.Read<TimeSpec>(message[ControlHeaderLength..]).ToTimeSpan();
        // Negative when the wall clock was set back meanwhile.
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    protected override void ReceiveFrom(int index)
    {
        if (_polls[index].ReturnedEvents == 0)
            return;
        Statistics.CountReceiveCall();
        int first = Incoming.Count;
        uint room = (uint)(Incoming.Capacity - first);
        for (int i = RoundUp(first, UdpDatapath.AgeInterval); i < Incoming.Capacity; i += UdpDatapath.AgeInterval)
            _received.Headers[i].ControlLength = TimestampSpace;
        // A failure is the socket's pending error, which reading it has cleared, or a datagram with a bad checksum.
        int count = Libc.ReceiveMessages(_descriptors[index], _received.Headers + first, room, Libc.MSG_DONTWAIT, null);
        EndpointId local = Endpoints[index];
        long bytes = 0;
        for (int i = first; i < first + count; i++)
        {
            ref MessageHeader header = ref _received.Headers[i];
            header.NameLength = SocketAddressCodec.IPv6Length;
            bytes += header.Length;
            TransportAddress remote = SocketAddressCodec.Read(_received.AddressOf(i), _families[index]);
            Incoming.Commit((int)header.Length, new NetworkPath(local, remote));
        }
        Statistics.CountReceived(Math.Max(count, 0), bytes);
    }

    protected override void SendFrom(int index)
    {
        MessageHeader* next = _sent.Headers;
        int left = Gather(index);
        bool waited = false;
        while (left > 0)
        {
            Statistics.CountSendCall();
            int sent = Libc.SendMessages(_descriptors[index], next, (uint)left, Libc.MSG_DONTWAIT);
            int error = sent < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (sent > 0)
            {
                CountSent(next, sent);
                next += sent;
                left -= sent;
            }
            else if (error == Libc.EAGAIN && !waited)
            {
                WaitWritable(_descriptors[index]);
                waited = true;
            }
            else if (error == Libc.EAGAIN)
            {
                Drops.Count(DropReason.SendBufferFull, CountOf(next, left));
                return;
            }
            else if (next->VectorCount > 1 && error is Libc.EIO or Libc.EINVAL or Libc.EMSGSIZE)
            {
                // No offload on the way, or an MTU smaller than a segment: one by one they may be fragmented.
                OnSegmentsRefused();
                SendOneByOne(index, next);
                next++;
                left--;
            }
            else if (error != Libc.EINTR)
            {
                // The first message's own failure: no route, refused, too long. The others may still go.
                Drops.Count(error == Libc.ENOBUFS ? DropReason.SendBufferFull : DropReason.SendFailed, CountOf(next, 1));
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

    /// <summary>Asks the kernel to note when a datagram came, by the wall clock. Nothing depends on it where the system cannot.</summary>
    private static void AskForTimestamps(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(Libc.SOL_SOCKET, Libc.SO_TIMESTAMPNS, MemoryMarshal.AsBytes<int>([1]));
        }
        catch (SocketException)
        {
        }
    }

    private static int RoundUp(int value, int step) => (value + step - 1) / step * step;

    /// <summary>Sets up a message for each run of outgoing datagrams of the socket, in order.</summary>
    /// <returns>The number of messages.</returns>
    private int Gather(int index)
    {
        AddressFamily family = _families[index];
        bool isIPv4 = family == AddressFamily.InterNetwork;
        _runs.Group(Outgoing, Endpoints[index], _maxSegments);
        int count = 0, vector = 0;
        for (int i = 0; i < _runs.Count; i++)
        {
            ref readonly DatagramRuns.Run run = ref _runs[i];
            Span<byte> address = _sent.AddressOf(count);
            if (!SocketAddressCodec.TryWrite(Outgoing.PathOf(run.First).Remote, address, family))
            {
                Drops.Count(DropReason.SendFailed, run.Count);
                continue;
            }
            MemoryMarshal.Write(address, isIPv4 ? NativeInterNetwork : NativeInterNetworkV6);
            uint addressLength = isIPv4 ? SocketAddressCodec.IPv4Length : (uint)SocketAddressCodec.IPv6Length;
            vector = _sent.Set(count, vector, addressLength, run, _runs, Outgoing);
            count++;
        }
        return count;
    }

    private void SendOneByOne(int index, MessageHeader* segmented)
    {
        MessageHeader single = *segmented;
        single.VectorCount = 1;
        single.Control = null;
        single.ControlLength = 0;
        for (nuint i = 0; i < segmented->VectorCount; i++, single.Vectors++)
        {
            Statistics.CountSendCall();
            if (Libc.SendMessages(_descriptors[index], &single, 1, Libc.MSG_DONTWAIT) == 1)
                CountSent(&single, 1);
            else
                Drops.Count(IsBufferFull(Marshal.GetLastPInvokeError()) ? DropReason.SendBufferFull : DropReason.SendFailed);
        }
    }

    private static bool IsBufferFull(int error) => error is Libc.EAGAIN or Libc.ENOBUFS;

    /// <summary>Counts a refusal: a system that never takes a segmented buffer is no longer given any.</summary>
    private void OnSegmentsRefused()
    {
        if (_refusals >= 0 && ++_refusals == RefusalsToGiveUp)
            _maxSegments = 1;
    }

    private static int CountOf(MessageHeader* first, int messages)
    {
        int count = 0;
        for (int i = 0; i < messages; i++)
            count += (int)first[i].VectorCount;
        return count;
    }

    private void CountSent(MessageHeader* first, int messages)
    {
        long bytes = 0;
        for (int i = 0; i < messages; i++)
        {
            bytes += first[i].Length;
            if (first[i].VectorCount > 1)
                _refusals = TakesSegments;
        }
        Statistics.CountSent(CountOf(first, messages), bytes);
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
