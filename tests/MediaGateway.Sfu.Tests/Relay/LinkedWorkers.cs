using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Relay;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Relay;

/// <summary>
/// Two ends of a relay in one thread, and at one of them a publication of simulcast video that a test feeds. What comes out at
/// the other end is recorded.
/// </summary>
internal sealed class LinkedWorkers : IRelayHandler, IMediaOrigin, IPublicationTap
{
    /// <summary>Topic of the test: a message names the publication that is looked at from then on.</summary>
    public static readonly RelayTopic Topic = new(200);

    public static readonly RtpCodec Vp8 =
        new(CodecKind.Vp8, new PayloadType(96), 90_000, 1, "", new PayloadType(97), RtcpFeedbackKinds.Nack);
    public static readonly RtpCodec H264 = new(
        CodecKind.H264, new PayloadType(102), 90_000, 1, "packetization-mode=1;profile-level-id=42e01f", new PayloadType(103),
        RtcpFeedbackKinds.Nack);

    private readonly SentDatagrams _wakeups = new();
    private readonly RtpReceiver _receiver;

    private int _seen;

    public LinkedWorkers(int capacity = 1 << 16, params ImmutableArray<RtpCodec> codecs)
    {
        Home = ContextAt();
        Away = ContextAt();
        (RelayPort home, RelayPort away) = RelayPort.Connect(_wakeups, _wakeups, capacity);
        HomeLink = new RelayLink(home, Home, HomeStatistics, this);
        AwayLink = new RelayLink(away, Away, new RelayStatistics(), this);
        _receiver = new RtpReceiver(
            new Mid("0"),
            new MediaFormat(
                MediaKind.Video,
                codecs.IsDefaultOrEmpty ? [Vp8, H264] : codecs,
                new HeaderExtensionMap([new(HeaderExtensionKind.Mid, 4), new(HeaderExtensionKind.DependencyDescriptor, 12)])),
            encodings: [new Rid("lo"), new Rid("hi")]);
        Publication = new Publication(this, _receiver);
        Encodings = [.. _receiver.Encodings];
        Tap = HomeLink.Acquire(Publication);
        Name(Tap);
        Exchange();
    }

    public MonotonicTime Now { get; set; } = MonotonicTime.FromMilliseconds(10_000);

    public MediaContext Home { get; }

    public MediaContext Away { get; }

    public RelayLink HomeLink { get; }

    public RelayLink AwayLink { get; }

    public RelayStatistics HomeStatistics { get; } = new();

    public RelayTap Tap { get; }

    public Publication Publication { get; }

    public RtpReceiveStream[] Encodings { get; }

    /// <summary>Publication that stands for the original at the other end, as the last message names it; null for none.</summary>
    public Publication? Relayed { get; private set; }

    /// <summary>Messages that arrived at either end.</summary>
    public List<byte[]> Messages { get; } = [];

    /// <summary>Packets that arrived at the other end.</summary>
    public List<RelayedPacket> Received { get; } = [];

    /// <summary>Names of the encodings that the publisher was asked for key frames of.</summary>
    public List<string> KeyFrameRequests { get; } = [];

    public List<Exception> Faults { get; } = [];

    public RemoteClock Clock { get; } = new();

    public bool IsClosed => false;

    public bool CarriesToSubscribers => true;

    /// <summary>A packet of the publisher's.</summary>
    public byte[] Send(int encoding, long sequence, RtpCodec? codec = null, bool key = false, int length = 100)
    {
        RtpCodec sent = codec ?? Vp8;
        byte[] packet = new byte[RtpHeader.FixedLength + length];
        var writer = new RtpPacketWriter(packet);
        writer.WriteHeader(true, sent.PayloadType, new ExtendedSequence(sequence).Wire, new RtpTimestamp((uint)(sequence * 3000)),
            new Ssrc(77));
        int header = writer.FinishHeader();
        // Start of a VP8 frame (RFC 7741 sections 4.2 and 4.3).
        (packet[header], packet[header + 1]) = (0x10, key ? (byte)0 : (byte)1);
        for (int i = header + 2; i < packet.Length; i++)
            packet[i] = (byte)(sequence + i);
        if (!RtpPacketView.TryParse(packet, out RtpPacketView view))
            throw new InvalidOperationException("The writer and the parser disagree.");
        Publication.OnPacket(new MediaPacket(Encodings[encoding], sent, new ExtendedSequence(sequence), packet, view), Now, Home);
        return packet;
    }

    /// <summary>The sender of an encoding begins anew.</summary>
    public void Restart(int encoding) => Encodings[encoding] = new RtpReceiveStream(encoding, Encodings[encoding].Rid, Vp8);

    /// <summary>Both ends take in all that was sent, and their timers run.</summary>
    public void Exchange()
    {
        for (bool more = true; more;)
        {
            HomeLink.Publish();
            AwayLink.Publish();
            more = HomeLink.IsBehind | AwayLink.Receive(10, Now) | HomeLink.Receive(10, Now);
        }
        Home.Timers.Advance(Now);
        Away.Timers.Advance(Now);
        HomeLink.Publish();
        AwayLink.Publish();
        HomeLink.Receive(int.MaxValue, Now);
    }

    public void Advance(TimeSpan time)
    {
        for (MonotonicTime end = Now + time; Now < end;)
        {
            Now += TimeSpan.FromMilliseconds(10);
            Exchange();
        }
    }

    public void RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now) => KeyFrameRequests.Add(stream.Rid?.Value ?? "");

    public void OnFault(Exception fault, MonotonicTime now) => Faults.Add(fault);

    public void OnPacket(PublishedEncoding encoding, in MediaPacket packet, MonotonicTime now) => Received.Add(
        new RelayedPacket(encoding, packet.Sequence, packet.Codec, packet.Bytes.ToArray(), Relayed!.IsMuted,
            encoding.Stream.LastSenderReport, encoding.Clock.Translation));

    public bool OnMessage(RelayLink link, RelayTopic topic, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        if (topic != Topic)
            return false;
        Messages.Add(message.ToArray());
        Relayed?.Remove(this);
        Relayed = message.IsEmpty ? null : link.FindPublication(message[0]);
        Relayed?.Add(this);
        return true;
    }

    public void OnMessagesLost(RelayLink link) => link.Send(Topic, [(byte)_seen]);

    /// <summary>Tells the other end which publication is looked at from now on.</summary>
    public void Name(RelayTap tap) => HomeLink.Send(Topic, [(byte)(_seen = tap.Id)]);

    /// <summary>One more publication like the first.</summary>
    public Publication Another() => new(this, _receiver);

    public void OnRelayFault(Exception fault) => Faults.Add(fault);

    private MediaContext ContextAt() =>
        new(new TimerWheel(Now), new FanoutQueue(new PrefetchLog(new SentDatagrams())), new DropCounters(), new NtpClock(default));
}
