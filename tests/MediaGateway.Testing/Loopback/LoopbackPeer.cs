using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using MediaGateway.Platform.Clock;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.TestClient;

namespace MediaGateway.Testing.Loopback;

/// <summary>
/// A client, of a <see cref="LoopbackGateway"/> or another gateway, with a socket of its own and real DTLS
/// and SRTP. Has no thread; whoever holds it calls <see cref="Turn"/> often. Publishes or watches VP8, one
/// numbered packet a frame.
/// </summary>
public sealed class LoopbackPeer : IDatagramSender, IMediaHandler, IDisposable
{
    /// <summary>Length of a packet of ours on the wire, all headers and tags included, bytes.</summary>
    public const int DatagramLength = 1_200;

    private const int OutgoingSlots = 64;
    private const int TimestampStep = 90;

    // Picture id present, 15 bits (RFC 7741 section 4.2); the number follows the first byte of the VP8 payload header, the payload's
    // length follows that, and all the rest is the number's last byte.
    private const int DescriptorLength = 4;
    private const int NumberOffset = DescriptorLength + 1;
    private const int LengthOffset = NumberOffset + sizeof(long);
    private const int FillOffset = LengthOffset + sizeof(ushort);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly SystemEntropy _entropy = new();
    private readonly MonotonicClock _clock;
    private readonly NetworkPath _path;
    private readonly ClientPeer _peer;
    private readonly byte[] _incoming = new byte[2048];
    private readonly byte[] _outgoing = new byte[OutgoingSlots * IDatagramSender.MaxDatagram];
    private readonly int[] _outgoingLengths = new int[OutgoingSlots];
    private readonly byte[] _mid;
    private readonly byte _midId;
    private readonly byte _transportSequenceId;
    private int _outgoingCount;
    private int _incomingLength;
    private ExtendedSequence _sequence;
    private RtpTimestamp _timestamp;
    private ushort _transportSequence;

    private LoopbackPeer(MonotonicClock clock, IDtlsContext dtls, MediaDirection direction,
        Func<SessionDescription, SessionDescription> ask)
    {
        _clock = clock;
        var options = new ClientPeerOptions
        {
            Clock = clock.NtpClock,
            CanonicalName = "loopback",
            Ice = ClientPeerOptions.OnePathIce,
        };
        _peer = new ClientPeer(options, dtls, _entropy);
        SessionDescription offer = CreateOffer(direction);
        NegotiatedSession session = _peer.AcceptAnswer(offer, ask(offer));
        _peer.Apply(session, _clock.Now);
        Gateway = _peer.Transport.Ice.RemoteCandidates.Count > 0
            ? _peer.Transport.Ice.RemoteCandidates[0].Address
            : throw new InvalidOperationException("The answer has no candidate that can be read.");
        _path = new NetworkPath(new EndpointId(0), Gateway);
        _socket.Connect(Gateway.ToIPAddress(), Gateway.Port);
        _peer.Attach(this, this, data: null, Drops, _clock.Now);
        NegotiatedMedia video = session.Media[0];
        _mid = Encoding.ASCII.GetBytes(video.Mid.Value);
        _midId = video.Extensions.IdOf(HeaderExtensionKind.Mid);
        _transportSequenceId = video.Extensions.IdOf(HeaderExtensionKind.TransportSequenceNumber);
        if (Transport.Rtp.Senders.Count > 0)
            _sequence = Transport.Rtp.Senders[0].InitialSequence;
    }

    public PeerTransport Transport => _peer.Transport;

    /// <summary>Address of the gateway for media, from its answer.</summary>
    public TransportAddress Gateway { get; }

    public DropCounters Drops { get; } = new();

    public bool IsConnected => _peer.IsConnected;

    /// <summary>Media packets that were authenticated and new.</summary>
    public long PacketsReceived { get; private set; }

    /// <summary>The number that the first of them carried; -1 before that.</summary>
    public long FirstNumber { get; private set; } = -1;

    /// <summary>The highest number that one of them carried; -1 before the first.</summary>
    public long HighestNumber { get; private set; } = -1;

    /// <summary>Media packets that were not what was written, or not ahead of those before.</summary>
    public long PacketsWrong { get; private set; }

    /// <summary>The remote has asked for a key frame since the last one was written.</summary>
    public bool KeyFrameWanted { get; private set; } = true;

    public static LoopbackPeer Publish(LoopbackGateway gateway, string stream) =>
        Open(gateway.Clock, gateway.Dtls, MediaDirection.Send, offer => gateway.Publish(stream, offer));

    /// <summary>Watches from one of the gateway's workers.</summary>
    public static LoopbackPeer Watch(LoopbackGateway gateway, string stream, int worker = 0) =>
        Open(gateway.Clock, gateway.Dtls, MediaDirection.Receive, offer => gateway.Watch(stream, offer, worker));

    /// <summary>A client of any gateway.</summary>
    /// <param name="clock">Its time.</param>
    /// <param name="dtls">Its certificate.</param>
    /// <param name="direction">To publish, or to watch.</param>
    /// <param name="ask">Has its offer answered.</param>
    public static LoopbackPeer Open(MonotonicClock clock, IDtlsContext dtls, MediaDirection direction,
        Func<SessionDescription, SessionDescription> ask) =>
        new(clock, dtls, direction, ask);

    /// <summary>Turns all peers until they and the gateway agree that they are connected: media flows from the next key frame on.</summary>
    /// <exception cref="TimeoutException">They do not, within twenty seconds.</exception>
    public static void Connect(LoopbackGateway gateway, params IReadOnlyCollection<LoopbackPeer> peers) =>
        RunUntil(() => peers.All(peer => peer.IsConnected) && gateway.HalfOpenPeerCount == 0, peers);

    /// <summary>Turns all peers until the condition holds.</summary>
    /// <exception cref="TimeoutException">It does not, within twenty seconds.</exception>
    public static void RunUntil(Func<bool> condition, params IEnumerable<LoopbackPeer> peers)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            foreach (LoopbackPeer peer in peers)
                peer.Turn();
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new TimeoutException("The peers did not get there.");
            Thread.Yield();
        }
    }

    /// <summary>Takes in everything that has come, does what is due, and sends.</summary>
    public void Turn()
    {
        while (TryReceive())
            Deliver();
        _peer.OnTimeout(_clock.Now);
        Flush();
    }

    /// <summary>Takes one datagram from the socket, for <see cref="Deliver"/>; false when there is none.</summary>
    public bool TryReceive()
    {
        if (!_socket.Poll(0, SelectMode.SelectRead))
            return false;
        _incomingLength = _socket.Receive(_incoming);
        return true;
    }

    /// <summary>Hands the datagram last received to the transport.</summary>
    public void Deliver()
    {
        _peer.OnDatagram(_incoming.AsSpan(0, _incomingLength), _path, _clock.Now);
    }

    /// <summary>Writes and encrypts a frame of one packet, which the next <see cref="Flush"/> sends.</summary>
    /// <returns>False while the transport is not connected.</returns>
    public bool TryWriteFrame(long number)
    {
        if (!Transport.Rtp.Outlet.TryReserve(out Span<byte> slot))
            return false;
        RtpSender sender = Transport.Rtp.Senders[0];
        _transportSequence++;
        _timestamp = new RtpTimestamp(_timestamp.Value + TimestampStep);
        Span<byte> transportSequence = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(transportSequence, _transportSequence);
        var writer = new RtpPacketWriter(slot);
        writer.WriteHeader(marker: true, sender.Codecs[0].PayloadType, _sequence.Wire, _timestamp, sender.Stream.Ssrc);
        writer.WriteExtension(_midId, _mid);
        writer.WriteExtension(_transportSequenceId, transportSequence);
        int headerLength = writer.FinishHeader();
        int length = DatagramLength - PacketOutlet.MaxOverhead;
        WritePayload(slot[headerLength..length], number);
        Transport.Rtp.Outlet.Commit(slot, length, headerLength, sender.Stream.Ssrc, _sequence);
        sender.Stream.OnSent(length - headerLength);
        sender.Timing = new SenderTiming(_clock.NtpClock.At(_clock.Now), _timestamp);
        _sequence += 1;
        return true;
    }

    /// <summary>Sends what was written.</summary>
    public void Flush()
    {
        for (int i = 0; i < _outgoingCount; i++)
            _socket.Send(_outgoing.AsSpan(i * IDatagramSender.MaxDatagram, _outgoingLengths[i]));
        _outgoingCount = 0;
    }

    public Span<byte> Reserve()
    {
        if (_outgoingCount == OutgoingSlots)
            Flush();
        return _outgoing.AsSpan(_outgoingCount * IDatagramSender.MaxDatagram, IDatagramSender.MaxDatagram);
    }

    public void Commit(int length, in NetworkPath path) => _outgoingLengths[_outgoingCount++] = length;

    public void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
        PacketsReceived++;
        ReadOnlySpan<byte> payload = packet.View.Payload;
        if (payload.Length < FillOffset || payload.Length != BinaryPrimitives.ReadUInt16BigEndian(payload[LengthOffset..]))
        {
            PacketsWrong++;
            return;
        }
        long number = BinaryPrimitives.ReadInt64BigEndian(payload[NumberOffset..]);
        if (number <= HighestNumber || payload[FillOffset..].ContainsAnyExcept((byte)number))
            PacketsWrong++;
        FirstNumber = FirstNumber < 0 ? number : FirstNumber;
        HighestNumber = Math.Max(HighestNumber, number);
    }

    public void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
    }

    public void OnKeyFrameRequest(RtpSender sender, MonotonicTime now) => KeyFrameWanted = true;

    public void Dispose()
    {
        _peer.Dispose();
        _socket.Dispose();
    }

    private SessionDescription CreateOffer(MediaDirection direction)
    {
        const RtcpFeedbackKinds Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.TransportCc;
        var video = new OfferedMedia
        {
            Mid = new Mid("0"),
            Kind = MediaKind.Video,
            Direction = direction,
            Codecs = [new RtpCodec(CodecKind.Vp8, default, ClockRate: 90_000, Channels: 1, "", default(PayloadType), Feedback)],
            Extensions = [HeaderExtensionKind.Mid, HeaderExtensionKind.TransportSequenceNumber],
            Source = direction == MediaDirection.Send ? new LocalSource(new Ssrc(1), new Ssrc(2), "loopback", "stream", "video") : null,
        };
        return _peer.CreateOffer([video]);
    }

    private void WritePayload(Span<byte> payload, long number)
    {
        payload[0] = 0x90;
        payload[1] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(0x8000 | (number & 0x7FFF)));
        payload[DescriptorLength] = (byte)(KeyFrameWanted ? 0 : 1);
        BinaryPrimitives.WriteInt64BigEndian(payload[NumberOffset..], number);
        BinaryPrimitives.WriteUInt16BigEndian(payload[LengthOffset..], (ushort)payload.Length);
        payload[FillOffset..].Fill((byte)number);
        KeyFrameWanted = false;
    }
}
