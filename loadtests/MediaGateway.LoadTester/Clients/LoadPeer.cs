using System.Net;
using System.Net.Sockets;
using System.Text;
using MediaGateway.LoadTester.Sockets;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Stun;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Peers;

namespace MediaGateway.LoadTester.Clients;

/// <summary>
/// A client with a socket of its own: the controlling side of ICE on one path, in front of our own transport, with real DTLS and SRTP.
/// Made anywhere, then attached to a loop, whose thread alone touches it. Ownership: owns its transport and socket.
/// </summary>
internal abstract class LoadPeer : TimerEntry, IDatagramSender, IMediaHandler, ISocketOwner, IDisposable
{
    private const int SocketBufferBytes = 1 << 20;
    private const uint Priority = 0x6E00_01FF;

    private readonly PeerSetup _setup;
    private readonly byte[] _slot = new byte[IDatagramSender.MaxDatagram];
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private ClientLoop? _loop;
    private TestIceClient? _ice;
    private IceCredentials? _remote;
    private NetworkPath _path;
    private PeerTransport? _transport;
    private int _socketNumber;

    protected LoadPeer(PeerSetup setup)
    {
        _setup = setup;
        Local = IceCredentials.Create(setup.Entropy);
        _socket.Blocking = false;
        _socket.ReceiveBufferSize = SocketBufferBytes;
        ReceiveBatch.EnableTimestamps(_socket);
        _socket.Bind(new IPEndPoint(setup.Address, 0));
    }

    public IceCredentials Local { get; }

    public bool IsConnected => _transport?.State == PeerTransportState.Connected;

    public bool IsClosed => _transport?.State == PeerTransportState.Closed;

    public PeerCloseReason CloseReason => Transport.CloseReason;

    public PeerTransport Transport => _transport ?? throw new InvalidOperationException("Nothing has been negotiated yet.");

    protected LocalTransport LocalTransport
    {
        get
        {
            TransportAddress address = TransportAddress.From(_setup.Address, ((IPEndPoint)_socket.LocalEndPoint!).Port);
            return new LocalTransport(Local.UsernameFragment, Local.Password, _setup.Dtls.Fingerprint, [IceCandidate.Host(address).ToString()]) { IsIceLite = false };
        }
    }

    /// <summary>What was negotiated last; null before anything was.</summary>
    protected NegotiatedSession? Established { get; private set; }

    protected IEntropy Entropy => _setup.Entropy;

    /// <summary>Takes over what was negotiated. Before <see cref="Attach"/>, on whatever thread.</summary>
    protected void Negotiate(NegotiatedSession session)
    {
        Established = session;
        _remote = new IceCredentials(session.Ice.UsernameFragment, session.Ice.Password);
        _ice = new TestIceClient(Local, _remote, _setup.Entropy, Priority);
        TransportAddress address = AddressOf(session.Ice);
        _path = new NetworkPath(0, address);
        _socket.Connect(new IPEndPoint(address.ToIPAddress(), address.Port));
        var options = new PeerTransportOptions
        {
            LocalIce = Local,
            Rtp = new RtpSessionOptions { Clock = _setup.Clock.NtpClock, CanonicalName = "load" },
            // The server picks from what a client offers, and not all pick what is fastest for both.
            Dtls = new DtlsOptions { Profiles = _setup.Profiles },
        };
        _transport = new PeerTransport(options, session, _setup.Dtls, _setup.Entropy);
    }

    /// <summary>Takes over what was negotiated later on. On the loop's thread.</summary>
    protected void Renegotiate(NegotiatedSession session, MonotonicTime now)
    {
        Established = session;
        Transport.Update(session, now);
        Reschedule();
    }

    /// <summary>Begins. On the loop's thread.</summary>
    public virtual void Attach(ClientLoop loop, MonotonicTime now)
    {
        _loop = loop;
        Transport.Attach(this, this, data: null, _setup.Drops, now);
        _socketNumber = loop.Sockets.Add(_socket, this);
        Do(now);
    }

    /// <summary>Says goodbye and lets go. On the loop's thread.</summary>
    public virtual void Detach(MonotonicTime now)
    {
        if (_loop is not { } loop)
            return;
        Transport.Close(PeerCloseReason.ClosedByPeer, now);
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

    public void Commit(int length, in NetworkPath path)
    {
        // Our lite agent answers a check that we wrote ourselves: the server has nothing to do with that.
        if (DatagramClassifier.Classify(_slot.AsSpan(0, length)) != DatagramKind.Stun)
            Send(_slot.AsSpan(0, length));
    }

    public abstract void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now);

    public virtual void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
    }

    public virtual void OnKeyFrameRequest(RtpSender sender, MonotonicTime now)
    {
    }

    public void Dispose()
    {
        _transport?.Dispose();
        _socket.Dispose();
    }

    /// <summary>A datagram that is no STUN.</summary>
    /// <param name="datagram">Its bytes, decrypted in place.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="arrival">When the kernel had it.</param>
    /// <param name="now">The time.</param>
    protected virtual void OnDatagram(Span<byte> datagram, DatagramKind kind, long arrival, MonotonicTime now) =>
        Transport.OnDatagram(datagram, kind, _path, now);

    protected virtual void OnConnected(MonotonicTime now)
    {
    }

    protected internal override void OnDue(MonotonicTime now) => Do(now);

    private static TransportAddress AddressOf(RemoteIce ice)
    {
        foreach (string text in ice.Candidates)
        {
            if (IceCandidate.TryParse(text, out IceCandidate? candidate) && candidate is { Transport: IceTransport.Udp, Component: 1 } && candidate.Address.IsIPv4)
                return candidate.Address;
        }
        throw new InvalidOperationException("The server gave no UDP candidate with an IPv4 address.");
    }

    private void OnDatagram(Span<byte> datagram, long arrival, MonotonicTime now)
    {
        DatagramKind kind = DatagramClassifier.Classify(datagram);
        if (kind != DatagramKind.Stun)
        {
            bool wasConnected = IsConnected;
            OnDatagram(datagram, kind, arrival, now);
            if (!wasConnected && IsConnected)
                OnConnected(now);
        }
        else if (_ice!.OnResponse(datagram))
        {
            ProvePath(now);
        }
        else
        {
            AnswerCheck(datagram);
        }
    }

    /// <summary>libnice checks even as a lite agent, and wants its answer.</summary>
    private void AnswerCheck(ReadOnlySpan<byte> datagram)
    {
        byte[] password = Encoding.UTF8.GetBytes(Local.Password);
        if (!StunMessageView.TryParse(datagram, out StunMessageView request) || request.Class != StunClass.Request || request.Method != StunMethod.Binding || !request.VerifyIntegrity(password))
            return;
        Span<byte> answer = stackalloc byte[128];
        var writer = new StunWriter(answer, StunClass.SuccessResponse, StunMethod.Binding, request.TransactionId);
        writer.AddXorMappedAddress(_path.Remote);
        writer.AddMessageIntegrity(password);
        writer.AddFingerprint();
        Send(answer[..writer.Length]);
    }

    /// <summary>The lite agent of our transport learns its path from a check, as if the server had sent one.</summary>
    private void ProvePath(MonotonicTime now)
    {
        Span<byte> check = stackalloc byte[TestIceClient.MaxCheckLength];
        int length = _ice!.WriteCheckAs(check, _remote!, Local, nominate: true);
        Transport.OnStun(check[..length], _path, now);
    }

    private void Do(MonotonicTime now)
    {
        if (_ice!.NextCheck <= now)
        {
            Span<byte> check = stackalloc byte[TestIceClient.MaxCheckLength];
            Send(check[.._ice.WriteCheck(check, nominate: true, now)]);
        }
        if (Transport.NextDeadline <= now)
            Transport.OnTimeout(now);
        Reschedule();
    }

    private void Reschedule()
    {
        if (_loop is not { } loop || IsClosed)
            return;
        MonotonicTime next = MonotonicTime.Min(_ice!.NextCheck, Transport.NextDeadline);
        if (!IsScheduled || next < Deadline)
            loop.Timers.Schedule(this, next);
    }

    private void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.Send(datagram);
        }
        catch (SocketException refusal) when (refusal.SocketErrorCode is SocketError.ConnectionRefused or SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
        {
            // A server that is gone, or a full buffer: as good as lost on the way.
        }
    }
}
