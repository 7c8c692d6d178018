using System.Net;
using System.Net.Sockets;
using MediaGateway.LoadTester.Sockets;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.TestClient;

namespace MediaGateway.LoadTester.Clients;

/// <summary>
/// A client with a socket of its own, and real DTLS and SRTP.
/// Made anywhere, then attached to a loop, whose thread alone touches it. Ownership: owns its transport and socket.
/// </summary>
internal abstract class LoadPeer : TimerEntry, IDatagramSender, IMediaHandler, ISocketOwner, IDisposable
{
    private const int SocketBufferBytes = 1 << 20;

    private readonly PeerSetup _setup;
    private readonly byte[] _slot = new byte[IDatagramSender.MaxDatagram];
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private ClientLoop? _loop;
    private NetworkPath _path;
    private int _socketNumber;

    protected LoadPeer(PeerSetup setup)
    {
        _setup = setup;
        _socket.Blocking = false;
        _socket.ReceiveBufferSize = SocketBufferBytes;
        ReceiveBatch.EnableTimestamps(_socket);
        _socket.Bind(new IPEndPoint(setup.Address, 0));
        TransportAddress address = TransportAddress.From(setup.Address, ((IPEndPoint)_socket.LocalEndPoint!).Port);
        Peer = new ClientPeer(
            new ClientPeerOptions
            {
                Clock = setup.Clock.NtpClock,
                CanonicalName = "load",
                Candidates = [IceCandidate.Host(address)],
                Ice = ClientPeerOptions.OnePathIce,
                // The server picks from what a client offers, and not all pick what is fastest for both.
                Dtls = new DtlsOptions { Profiles = setup.Profiles },
            },
            setup.Dtls,
            setup.Entropy);
    }

    public bool IsConnected => Peer.IsConnected;

    public bool IsClosed => Peer.IsClosed;

    public PeerCloseReason CloseReason => Transport.CloseReason;

    public PeerTransport Transport => Peer.Transport;

    /// <summary>The client's end of the peer connection.</summary>
    protected ClientPeer Peer { get; }

    /// <summary>The session that was negotiated last; null before the first negotiation.</summary>
    protected NegotiatedSession? Established => Peer.Session;

    /// <summary>Takes over what was negotiated. Before <see cref="Attach"/>, on whatever thread.</summary>
    protected void Negotiate(NegotiatedSession session)
    {
        TransportAddress address = AddressOf(session.Ice);
        _path = new NetworkPath(new EndpointId(0), address);
        _socket.Connect(new IPEndPoint(address.ToIPAddress(), address.Port));
        Peer.Apply(session, _setup.Clock.Now);
    }

    /// <summary>Takes over what was negotiated later on. On the loop's thread.</summary>
    protected void Renegotiate(NegotiatedSession session, MonotonicTime now)
    {
        Peer.Apply(session, now);
        Reschedule();
    }

    /// <summary>Begins. On the loop's thread.</summary>
    public virtual void Attach(ClientLoop loop, MonotonicTime now)
    {
        _loop = loop;
        Peer.Attach(this, this, data: null, _setup.Drops, now);
        _socketNumber = loop.Sockets.Add(_socket, this);
        Do(now);
    }

    /// <summary>Says goodbye and lets go. On the loop's thread.</summary>
    public virtual void Detach(MonotonicTime now)
    {
        if (_loop is not { } loop)
            return;
        Peer.Close(now);
        loop.Timers.Cancel(this);
        loop.Sockets.Remove(_socketNumber);
        _loop = null;
        Dispose();
    }

    public void OnReadable()
    {
        ReceiveBatch batch = _loop!.Incoming;
        int count;
        do
        {
            count = batch.Receive(_socket);
            MonotonicTime now = _loop.Clock.Now;
            for (int i = 0; i < count; i++)
                OnDatagram(batch.Datagram(i), batch.ArrivalOf(i), now);
        }
        while (count == ReceiveBatch.Capacity);
        Reschedule();
    }

    public Span<byte> Reserve() => _slot;

    public void Commit(int length, in NetworkPath path) => Send(_slot.AsSpan(0, length));

    public abstract void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now);

    public virtual void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
    }

    public virtual void OnKeyFrameRequest(RtpSender sender, MonotonicTime now)
    {
    }

    public void Dispose()
    {
        Peer.Dispose();
        _socket.Dispose();
    }

    /// <summary>Takes a datagram.</summary>
    /// <param name="datagram">Its bytes, decrypted in place.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="arrival">When the kernel had it.</param>
    /// <param name="now">The time.</param>
    protected virtual void OnDatagram(Span<byte> datagram, DatagramKind kind, long arrival, MonotonicTime now) =>
        Peer.OnDatagram(datagram, kind, _path, now);

    protected virtual void OnConnected(MonotonicTime now)
    {
    }

    protected internal override void OnDue(MonotonicTime now) => Do(now);

    private static TransportAddress AddressOf(RemoteIce ice)
    {
        foreach (string text in ice.Candidates)
        {
            if (IceCandidate.TryParse(text, out IceCandidate? candidate) && candidate is { Transport: IceTransport.Udp, Component: 1 }
                && candidate.Address.IsIPv4)
                return candidate.Address;
        }
        throw new InvalidOperationException("The server gave no UDP candidate with an IPv4 address.");
    }

    private void OnDatagram(Span<byte> datagram, long arrival, MonotonicTime now)
    {
        DatagramKind kind = DatagramClassifier.Classify(datagram);
        bool wasConnected = IsConnected;
        OnDatagram(datagram, kind, arrival, now);
        if (!wasConnected && IsConnected)
            OnConnected(now);
    }

    private void Do(MonotonicTime now)
    {
        Peer.OnTimeout(now);
        Reschedule();
    }

    private void Reschedule()
    {
        if (_loop is not { } loop || IsClosed)
            return;
        MonotonicTime next = Peer.NextDeadline;
        if (!IsScheduled || next < Deadline)
            loop.Timers.Schedule(this, next);
    }

    private void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.Send(datagram);
        }
        catch (SocketException refusal) when (
            refusal.SocketErrorCode is SocketError.ConnectionRefused or SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
        {
            // A server that is gone, or a full buffer: as good as lost on the way.
        }
    }
}
