using System.Buffers.Binary;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Testing.Peers;

/// <summary>
/// Sends 30 video frames and 50 audio packets a second. Each video payload says when it was sent, and which packet of
/// which frame it is, so that a viewer can check it to the last bit (<see cref="TestPayload"/>).
/// </summary>
public sealed class TestPublisher : TestPeer
{
    private static readonly TimeSpan FrameInterval = TimeSpan.FromTicks(TimeSpan.TicksPerSecond / 30);
    private static readonly TimeSpan AudioInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);
    private static readonly NtpClock RightClock = new(new NtpTime(0xD000_0000_0000_0000));

    private readonly Dictionary<ushort, (OutgoingHeader Header, byte[] Payload)> _sent = [];
    private readonly uint _timestampBase;
    private MonotonicTime _nextFrame;
    private MonotonicTime _nextAudio;
    private MonotonicTime _nextReport;
    private int _reports;
    private ExtendedSequence _videoSequence;
    private ExtendedSequence _audioSequence;
    private long _audioPackets;
    private bool _keyFrameWanted = true;
    private bool _isBare;

    public TestPublisher(IDatagramSender datagrams, IDtlsContext dtls, IEntropy entropy, CodecKind video = CodecKind.Vp8, byte id = 1,
        IceOptions? ice = null)
        : base(datagrams, dtls, entropy, new TestPeerMedia(MediaDirection.Send, [video]), ice)
    {
        Id = id;
        Span<byte> random = stackalloc byte[4];
        entropy.Fill(random);
        _timestampBase = BinaryPrimitives.ReadUInt32BigEndian(random);
        FrameNumber = random[0];
    }

    /// <summary>Tells publishers apart in what viewers receive.</summary>
    public byte Id { get; }

    public int PacketsPerFrame { get; init; } = 6;

    /// <summary>
    /// Payloads with parameter sets to send once, before the next frame; from the first of them on key frames come without any.
    /// </summary>
    public IReadOnlyList<byte[]> Sets { get; set; } = [];

    /// <summary>The NTP time that its sender reports state, for a clock that is wrong; null for one that is right.</summary>
    public Func<MonotonicTime, NtpTime>? WrongClock { get; set; }

    /// <summary>True to ignore requests for key frames, as some encoders do.</summary>
    public bool IgnoresKeyFrameRequests { get; set; }

    public int KeyFramesSent { get; private set; }

    public int KeyFrameRequests { get; private set; }

    public uint FrameNumber { get; private set; }

    public long VideoPacketsSent { get; private set; }

    public override void OnKeyFrameRequest(RtpSender sender, MonotonicTime now)
    {
        KeyFrameRequests++;
        _keyFrameWanted |= !IgnoresKeyFrameRequests;
    }

    public override void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
        if (_sent.TryGetValue(lost.Value, out (OutgoingHeader Header, byte[] Payload) sent))
            sender.Resend(sent.Header, sent.Payload, now);
    }

    protected override MonotonicTime OnMediaTick(MonotonicTime now)
    {
        if (_nextFrame == default)
        {
            _nextFrame = _nextAudio = now;
            _videoSequence = Video.InitialSequence;
            _audioSequence = Audio.InitialSequence;
        }
        while (_nextAudio <= now)
        {
            SendAudio(now);
            _nextAudio += AudioInterval;
        }
        while (_nextFrame <= now)
        {
            SendFrame(now);
            _nextFrame += FrameInterval;
        }
        if (WrongClock is { } clock && _nextReport <= now)
        {
            Report(Video, clock(now), VideoTimestampAt(now));
            if (_reports++ % 5 == 0)
                Report(Audio, clock(now), new RtpTimestamp((uint)(_audioPackets * 960)));
            _nextReport = now + ReportInterval;
        }
        return MonotonicTime.Min(_nextAudio, _nextFrame);
    }

    private RtpSender Audio => Transport.Rtp.Senders.First(sender => sender.Kind == MediaKind.Audio);

    private RtpSender Video => Transport.Rtp.Senders.First(sender => sender.Kind == MediaKind.Video);

    private void SendAudio(MonotonicTime now)
    {
        Span<byte> payload = stackalloc byte[80];
        payload.Fill(Id);
        BinaryPrimitives.WriteInt64BigEndian(payload[1..], now.Ticks);
        var timestamp = new RtpTimestamp((uint)(_audioPackets++ * 960));
        Audio.Send(new OutgoingHeader(_audioSequence, timestamp, Audio.Codecs[0].PayloadType, Marker: false), payload, now);
        Audio.Timing = WrongClock is null ? new SenderTiming(RightClock.At(now), timestamp) : null;
        _audioSequence += 1;
    }

    private void SendFrame(MonotonicTime now)
    {
        bool isKey = _keyFrameWanted;
        _keyFrameWanted = false;
        KeyFramesSent += isKey ? 1 : 0;
        FrameNumber++;
        RtpTimestamp timestamp = VideoTimestampAt(now);
        Span<byte> payload = stackalloc byte[TestPayload.MaxLength];
        RtpCodec codec = Video.Codecs[0];
        _isBare |= Sets.Count > 0;
        foreach (byte[] sets in Sets)
            SendVideo(timestamp, sets, isLast: false, now);
        Sets = [];
        for (int i = 0; i < PacketsPerFrame; i++)
        {
            int length = TestPayload.Write(payload, new TestPayload(codec.Kind, Id, FrameNumber, (byte)i, isKey, now, _isBare));
            SendVideo(timestamp, payload[..length], isLast: i == PacketsPerFrame - 1, now);
        }
        Video.Timing = WrongClock is null ? new SenderTiming(RightClock.At(now), timestamp) : null;
    }

    private void SendVideo(RtpTimestamp timestamp, ReadOnlySpan<byte> payload, bool isLast, MonotonicTime now)
    {
        var header = new OutgoingHeader(_videoSequence, timestamp, Video.Codecs[0].PayloadType, isLast);
        _sent[_videoSequence.Wire.Value] = (header, payload.ToArray());
        Video.Send(header, payload, now);
        VideoPacketsSent++;
        _videoSequence += 1;
    }

    private RtpTimestamp VideoTimestampAt(MonotonicTime now) =>
        new(_timestampBase + (uint)(long)((now - MonotonicTime.Zero).TotalSeconds * 90_000));

    private void Report(RtpSender sender, NtpTime time, RtpTimestamp timestamp)
    {
        PacketOutlet outlet = Transport.Rtp.Outlet;
        if (!outlet.TryReserve(out Span<byte> slot))
            return;
        var writer = new RtcpWriter(slot);
        writer.WriteSenderReport(
            sender.Stream.Ssrc, time, timestamp, (uint)sender.Stream.PacketsSent, (uint)sender.Stream.PayloadBytesSent, []);
        writer.WriteSourceDescription(sender.Stream.Ssrc, "clock"u8);
        outlet.CommitRtcp(slot, writer.Length);
    }
}
