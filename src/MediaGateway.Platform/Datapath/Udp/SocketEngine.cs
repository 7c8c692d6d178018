using System.Net;
using System.Net.Sockets;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>
/// The portable engine, on the base library's sockets. A socket is asked before it is read, since an empty one would
/// answer with an exception.
/// </summary>
internal sealed class SocketEngine : UdpEngine
{
    private readonly SocketAddress[] _addresses;
    private readonly bool[] _isReadable;
    private readonly List<Socket> _selected;
    private readonly Socket _wake;

    public SocketEngine(SocketBinding binding, DatagramBatch incoming, DatagramBatch outgoing, DropCounters drops)
        : base(binding, incoming, outgoing, drops)
    {
        _addresses = [.. Sockets.Select(socket => new SocketAddress(socket.AddressFamily))];
        _isReadable = new bool[Sockets.Length];
        _selected = new List<Socket>(Sockets.Length + 1);
        _wake = OpenWakeSocket();
    }

    public override void Wait(TimeSpan timeout)
    {
        Statistics.CountWaitCall();
        _selected.Clear();
        _selected.AddRange(Sockets);
        _selected.Add(_wake);
        // Rounded up to the millisecond of poll(2), which would otherwise return at once until the deadline comes.
        Socket.Select(_selected, null, null, TimeSpan.FromMilliseconds(Math.Ceiling(timeout.TotalMilliseconds)));
        for (int i = 0; i < Sockets.Length; i++)
            _isReadable[i] = _selected.Contains(Sockets[i]);
        if (_selected.Contains(_wake))
            TakeWake();
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    protected override void ReceiveFrom(int index)
    {
        if (!_isReadable[index])
            return;
        Socket socket = Sockets[index];
        SocketAddress address = _addresses[index];
        while (!Incoming.IsFull && socket.Poll(0, SelectMode.SelectRead))
        {
            Statistics.CountReceiveCall();
            int length;
            try
            {
                length = socket.ReceiveFrom(Incoming.NextSlot(), SocketFlags.None, address);
            }
            catch (SocketException e)
            {
                // Windows: longer than the slot, or an answer to one of ours ("port unreachable"). Elsewhere: a bad
                // checksum. Never the end of the socket.
                if (e.SocketErrorCode == SocketError.MessageSize)
                    Drops.Count(DropReason.TooLong);
                return;
            }
            TransportAddress remote = SocketAddressCodec.Read(address.Buffer.Span, socket.AddressFamily);
            Incoming.Commit(length, new NetworkPath(Endpoints[index], remote));
            Statistics.CountReceived(1, length);
        }
    }

    protected override void SendFrom(int index)
    {
        EndpointId local = Endpoints[index];
        bool waited = false;
        bool isFull = false;
        for (int i = 0; i < Outgoing.Count; i++)
        {
            ref readonly NetworkPath path = ref Outgoing.PathOf(i);
            if (path.Local != local)
                continue;
            DropReason reason = isFull ? DropReason.SendBufferFull : TrySend(index, Outgoing[i], path.Remote);
            if (reason == DropReason.SendBufferFull && !waited)
            {
                Sockets[index].Poll(SendPatience, SelectMode.SelectWrite);
                waited = true;
                reason = TrySend(index, Outgoing[i], path.Remote);
            }
            isFull |= reason == DropReason.SendBufferFull;
            if (reason != DropReason.None)
                Drops.Count(reason);
        }
    }

    protected override void SignalWake()
    {
        try
        {
            _wake.Send([1]);
        }
        catch (SocketException)
        {
            // Full of wake-ups already.
        }
        catch (ObjectDisposedException)
        {
            // Nobody is left to wake.
        }
    }

    protected override void DrainWake()
    {
        Span<byte> signal = stackalloc byte[1];
        while (_wake.Poll(0, SelectMode.SelectRead))
            _wake.Receive(signal);
    }

    private DropReason TrySend(int index, ReadOnlySpan<byte> datagram, in TransportAddress remote)
    {
        Socket socket = Sockets[index];
        SocketAddress address = _addresses[index];
        if (!SocketAddressCodec.TryWrite(remote, address.Buffer.Span, socket.AddressFamily))
            return DropReason.SendFailed;
        Statistics.CountSendCall();
        try
        {
            socket.SendTo(datagram, SocketFlags.None, address);
            Statistics.CountSent(1, datagram.Length);
            return DropReason.None;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable
                ? DropReason.SendBufferFull
                : DropReason.SendFailed;
        }
    }

    /// <summary>
    /// Opens a socket that is connected to itself: a datagram sent on it wakes the thread that selects it, and nobody else can send
    /// one.
    /// </summary>
    private static Socket OpenWakeSocket()
    {
        IPAddress loopback = Socket.OSSupportsIPv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        Socket socket = new(loopback.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        socket.Bind(new IPEndPoint(loopback, 0));
        socket.Connect(socket.LocalEndPoint!);
        return socket;
    }
}
