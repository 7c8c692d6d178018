using System.Buffers.Binary;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Fuzz.Targets;

/// <summary>A publisher and a viewer in a call on one worker, what a fuzzer may do to them, and what must stay true.</summary>
internal sealed class ConnectedCall : IDisposable
{
    private const int MaxPlainLength = 1400;
    private const int RtcpHeaderLength = 8;
    private const int MaxAdvanceMilliseconds = 2000;

    private static readonly Ssrc[] Sources = [RemoteOffer.Video, RemoteOffer.VideoRetransmission, RemoteOffer.Audio, new Ssrc(0xFFFF_FFFF)];

    private readonly SimulatedCall _call = new();
    private readonly Publisher _publisher;
    private readonly Viewer _viewer;
    private readonly NetworkPath? _publisherPath;
    private readonly NetworkPath? _viewerPath;
    private readonly (ushort Sequence, uint Timestamp)[] _positions = new (ushort, uint)[Sources.Length];
    private readonly Dictionary<(uint Ssrc, ushort Sequence), byte[]> _forwarded = [];

    public ConnectedCall()
    {
        (_publisher, Publisher) = _call.OpenPublisher(SimulatedCall.PathOf(1));
        _call.Connect(Publisher);
        (_viewer, Viewer) = _call.OpenViewer(SimulatedCall.PathOf(2));
        _call.Connect(Viewer);
        _publisherPath = _publisher.Transport.Ice.SelectedPath;
        _viewerPath = _viewer.Transport.Ice.SelectedPath;
        CheckInvariants();
    }

    public RemotePeer Publisher { get; }

    public RemotePeer Viewer { get; }

    /// <summary>RTP and RTCP that reached the viewer.</summary>
    public long Delivered { get; private set; }

    /// <summary>The SSRC that the viewer's video arrives under.</summary>
    public Ssrc ViewerVideo => _viewer.Transport.Rtp.Senders.First(sender => sender.Kind == MediaKind.Video).Stream.Ssrc;

    /// <summary>The place of a source's usual payload type among those offered.</summary>
    public static byte PayloadTypeIndex(byte source) => (byte)RemoteOffer.PayloadTypes.ToList().IndexOf(
        source switch { 1 => RemoteOffer.Vp8Retransmission, 2 => RemoteOffer.Opus, _ => RemoteOffer.Vp8 });

    /// <summary>Bytes that nobody signed, from some address.</summary>
    public void ReceiveUnauthentic(ReadOnlySpan<byte> datagram, in NetworkPath from)
    {
        long sent = _call.Sent.Total, dropped = Dropped(), delivered = Publisher.Media.Count + Viewer.Media.Count;
        _call.Receive(Cut(datagram, IDatagramSender.MaxDatagram), from);
        Property.Holds(_call.Sent.Total == sent, "what is not authentic is not answered");
        Property.Holds(Publisher.Media.Count + Viewer.Media.Count == delivered, "what is not authentic is not forwarded");
        // The simulated DTLS ignores what it does not expect without a word.
        bool isDtls = DatagramClassifier.Classify(datagram) == DatagramKind.Dtls;
        Property.Holds(Dropped() == dropped + 1 || (isDtls && Dropped() == dropped), "a dropped datagram is counted once");
    }

    /// <summary>A packet of the publisher, header and all; nothing when it has none.</summary>
    public void ReceivePacket(ReadOnlySpan<byte> packet)
    {
        byte[] rtp = Cut(packet, MaxPlainLength);
        if (RtpHeader.TryParse(rtp, out _))
            _call.Receive(Publisher.Protect(rtp), Publisher.Path);
    }

    /// <summary>
    /// A packet under a header made from four bytes: flags (bits 0-1 source, 2 marker, 3 MID, 4 padding, 5 transport-wide
    /// number), payload type, and signed steps of the source's sequence number and, in frames, of its timestamp.
    /// </summary>
    public void ReceiveMedia(ReadOnlySpan<byte> script)
    {
        if (script.Length < 4)
            return;
        byte flags = script[0];
        int source = flags & 3;
        PayloadType payloadType = RemoteOffer.PayloadTypes[script[1] % RemoteOffer.PayloadTypes.Count];
        (ushort sequence, uint timestamp) = _positions[source];
        sequence += (ushort)(sbyte)script[2];
        timestamp += (uint)((sbyte)script[3] * 3000);
        _positions[source] = (sequence, timestamp);
        byte[] packet = new byte[MaxPlainLength];
        var writer = new RtpPacketWriter(packet);
        writer.WriteHeader((flags & 4) != 0, payloadType, new SequenceNumber(sequence), new RtpTimestamp(timestamp), Sources[source]);
        if ((flags & 8) != 0)
            writer.WriteExtension(RemoteOffer.MidExtension, "1"u8);
        if ((flags & 32) != 0)
            writer.WriteExtension(RemoteOffer.TransportSequenceExtension, script[2..4]);
        int header = writer.FinishHeader();
        byte[] payload = Cut(script[4..], MaxPlainLength - header);
        payload.CopyTo(packet, header);
        if ((flags & 16) != 0)
            packet[0] |= 0x20;
        _call.Receive(Publisher.Protect(packet.AsSpan(0, header + payload.Length)), Publisher.Path);
    }

    /// <summary>RTCP of a peer, made to look like it in the bytes that the demultiplexer reads.</summary>
    public void ReceiveFeedback(RemotePeer from, ReadOnlySpan<byte> compound)
    {
        byte[] rtcp = Cut(compound, MaxPlainLength);
        if (rtcp.Length < RtcpHeaderLength)
            return;
        rtcp[0] = (byte)((rtcp[0] & 0x3F) | 0x80);
        if (!RtcpClassifier.IsRtcp(rtcp))
            rtcp[1] = (byte)(200 + (rtcp[1] & 7));
        _call.Receive(from.ProtectRtcp(rtcp), from.Path);
    }

    /// <summary>Time passes: milliseconds in 16 bits.</summary>
    public void Advance(ReadOnlySpan<byte> milliseconds)
    {
        if (milliseconds.Length >= sizeof(ushort))
            _call.Advance(TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt16BigEndian(milliseconds) % (MaxAdvanceMilliseconds + 1)));
    }

    public void CheckInvariants()
    {
        if (_call.Events.Faults.Count > 0)
            throw new InvalidOperationException("violated: no input is a fault", _call.Events.Faults[0].Fault);
        Property.Holds(_publisher.Transport.State == PeerTransportState.Connected, "the publisher stays connected");
        Property.Holds(_viewer.Transport.State == PeerTransportState.Connected, "the viewer stays connected");
        Property.Holds(_publisher.Transport.Ice.SelectedPath == _publisherPath, "the publisher's path stays");
        Property.Holds(_viewer.Transport.Ice.SelectedPath == _viewerPath, "the viewer's path stays");
        Property.Holds(_call.Worker.Peers is { Count: 2, HalfOpenCount: 0 }, "the worker has the two peers");
        Property.Holds(_call.Stray.Count == 0, "nothing is sent to a stranger");
        CheckNonces();
    }

    public void Dispose() => _call.Dispose();

    /// <summary>
    /// Two different packets under one SSRC and sequence number that a fresh receiver takes both, so under the same
    /// roll-over counter, were protected with one nonce.
    /// </summary>
    private void CheckNonces()
    {
        foreach (byte[] datagram in Viewer.Media)
        {
            if (RtcpClassifier.IsRtcp(datagram) || !RtpHeader.TryParse(datagram, out RtpHeader header))
                continue;
            if (_forwarded.TryAdd((header.Ssrc.Value, header.SequenceNumber.Value), datagram))
                continue;
            byte[] before = _forwarded[(header.Ssrc.Value, header.SequenceNumber.Value)];
            Property.Holds(
                datagram.AsSpan().SequenceEqual(before) || !IsOfFirstRound(datagram) || !IsOfFirstRound(before),
                "a nonce protects one packet");
        }
        Delivered += Viewer.Media.Count;
        Viewer.Media.Clear();
        Publisher.Media.Clear();
    }

    private bool IsOfFirstRound(byte[] datagram)
    {
        byte[] copy = [.. datagram];
        using SrtpReceiver receiver = Viewer.CreateReceiver();
        return RtpHeader.TryParse(copy, out RtpHeader header) && receiver.UnprotectRtp(copy, header, out _, out _) == DropReason.None;
    }

    private long Dropped() => Enum.GetValues<DropReason>().Sum(reason => _call.Drops[reason]);

    private static byte[] Cut(ReadOnlySpan<byte> bytes, int length) => bytes[..Math.Min(bytes.Length, length)].ToArray();
}
