using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding;

public sealed class ForwarderTests
{
    private static readonly RtpCodec Vp8 =
        new(CodecKind.Vp8, new PayloadType(96), 90_000, 1, "", new PayloadType(97), RtcpFeedbackKinds.Nack);
    private static readonly RtpCodec Opus = new(CodecKind.Opus, new PayloadType(111), 48_000, 2, "", null, RtcpFeedbackKinds.None);
    private static readonly RtpCodec Red = new(CodecKind.Red, new PayloadType(63), 48_000, 2, "111/111", null, RtcpFeedbackKinds.None);

    private readonly RemoteClock _clock = new();
    private readonly byte[] _packet = new byte[200];
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(50_000);

    [Fact]
    public void Encoding_that_is_not_the_target_is_left_out()
    {
        Forwarder forwarder = Video();
        PublishedEncoding low = Encoding(Vp8), high = Encoding(Vp8);
        forwarder.SetTarget(high);

        Assert.Equal(DropReason.LayerMismatch, Frame(forwarder, low, 10, 0, key: true, out _));
        Assert.Equal(DropReason.AwaitingKeyFrame, Frame(forwarder, high, 500, 0, key: false, out _));
        Assert.Equal(DropReason.None, Frame(forwarder, high, 501, 3000, key: true, out _));
    }

    [Fact]
    public void Switch_waits_for_the_targets_key_frame_while_the_current_goes_on()
    {
        Forwarder forwarder = Video();
        PublishedEncoding low = Encoding(Vp8), high = Encoding(Vp8);
        forwarder.SetTarget(low);
        Frame(forwarder, low, 10, 90_000, key: true, out RewritePlan first);
        forwarder.SetTarget(high);

        Assert.True(forwarder.NeedsKeyFrame);
        Assert.Equal(DropReason.None, Frame(forwarder, low, 11, 93_000, key: false, out RewritePlan second));
        Assert.Equal(DropReason.AwaitingKeyFrame, Frame(forwarder, high, 700, 5_000, key: false, out _));
        Assert.Equal(DropReason.None, Frame(forwarder, high, 701, 8_000, key: true, out RewritePlan third));
        Assert.Equal(DropReason.LayerMismatch, Frame(forwarder, low, 12, 96_000, key: false, out _));
        Assert.Equal([first.Sequence.Value, first.Sequence.Value + 1, first.Sequence.Value + 2],
            new[] { first, second, third }.Select(plan => plan.Sequence.Value));
        Assert.InRange(third.Timestamp.DistanceFrom(second.Timestamp), 1, 9000);
    }

    [Fact]
    public void Switch_between_encodings_of_one_publisher_keeps_time_by_its_reports()
    {
        Forwarder forwarder = Video();
        PublishedEncoding low = Encoding(Vp8), high = Encoding(Vp8);
        var origin = new NtpTime(0xD000_0000_0000_0000);
        _clock.OnSenderReport(origin, _now);
        low.Stream.OnSenderReport(origin, new RtpTimestamp(90_000), _now);
        forwarder.SetTarget(low);
        Frame(forwarder, low, 10, 90_000 + 2_970, key: true, out RewritePlan before);
        forwarder.SetTarget(high);
        _now += TimeSpan.FromSeconds(1);
        _clock.OnSenderReport(origin + TimeSpan.FromMilliseconds(1033), _now);
        high.Stream.OnSenderReport(origin + TimeSpan.FromMilliseconds(1033), new RtpTimestamp(1_000_000), _now);

        // 1033 ms after the low one's report is the high one's; this frame was captured 100 ms later, and comes after 33 ms.
        Frame(forwarder, high, 700, 1_000_000 + 9_000, key: true, out RewritePlan after);

        Assert.Equal(90_000 + 9_000, after.Timestamp.DistanceFrom(before.Timestamp));
    }

    [Fact]
    public void Padding_takes_no_outgoing_number()
    {
        Forwarder forwarder = Video();
        PublishedEncoding encoding = Encoding(Vp8);
        forwarder.SetTarget(encoding);
        Frame(forwarder, encoding, 10, 0, key: true, out RewritePlan first);

        Assert.Equal(DropReason.EmptyPadding, Send(forwarder, encoding, Vp8, 11, 0, [], out _));
        Frame(forwarder, encoding, 12, 3000, key: false, out RewritePlan second);

        Assert.Equal(1, second.Sequence - first.Sequence);
    }

    [Fact]
    public void Codec_the_viewer_lacks_is_not_sent()
    {
        var forwarder = new Forwarder(
            MediaKind.Video, [Vp8 with { Kind = CodecKind.Vp9 }], HeaderExtensionMap.Empty, new ExtendedSequence(1), default);
        PublishedEncoding encoding = Encoding(Vp8);
        forwarder.SetTarget(encoding);

        Assert.Equal(DropReason.CodecMismatch, Frame(forwarder, encoding, 1, 0, key: true, out _));
    }

    [Fact]
    public void Codec_described_anew_by_a_later_negotiation_goes_on_without_a_key_frame()
    {
        Forwarder forwarder = Video();
        PublishedEncoding encoding = Encoding(Vp8);
        forwarder.SetTarget(encoding);
        Frame(forwarder, encoding, 1, 0, key: true, out RewritePlan first);

        DropReason reason = Send(
            forwarder, encoding, Vp8 with { Parameters = "x-google-start-bitrate=1000" }, 2, 3000, [0x10, 1, 0, 0], out RewritePlan second);

        Assert.Equal(DropReason.None, reason);
        Assert.Equal(1, second.Sequence - first.Sequence);
    }

    [Fact]
    public void Red_reaches_a_viewer_without_it_as_what_is_inside()
    {
        Forwarder forwarder = Audio(Opus);
        PublishedEncoding encoding = Encoding(Red);
        forwarder.SetTarget(encoding);
        // RFC 2198: one redundant block of 3 bytes, then the primary of 4.
        byte[] red = [0x80 | 111, 0x0F, 0x00, 0x03, 111, 1, 2, 3, 9, 8, 7, 6];

        Assert.Equal(DropReason.None, Send(forwarder, encoding, Red, 1, 0, red, out RewritePlan plan));
        Assert.Equal(111, plan.PayloadType.Value);
        Assert.Equal([9, 8, 7, 6], red[plan.PayloadSkip..]);
    }

    [Fact]
    public void Red_reaches_a_viewer_with_it_whole()
    {
        Forwarder forwarder = Audio(Red, Opus);
        PublishedEncoding encoding = Encoding(Red);
        forwarder.SetTarget(encoding);

        Send(forwarder, encoding, Red, 1, 0, [111, 9, 8], out RewritePlan plan);

        Assert.Equal(63, plan.PayloadType.Value);
        Assert.Equal(0, plan.PayloadSkip);
    }

    [Fact]
    public void New_audio_source_begins_with_the_marker()
    {
        Forwarder forwarder = Audio(Opus);
        PublishedEncoding first = Encoding(Opus), second = Encoding(Opus);
        forwarder.SetTarget(first);
        Send(forwarder, first, Opus, 1, 0, [1], out _);
        forwarder.SetTarget(second);

        Send(forwarder, second, Opus, 900, 0, [1], out RewritePlan begin);
        Send(forwarder, second, Opus, 901, 960, [1], out RewritePlan next);

        Assert.True(begin.Marker);
        Assert.False(next.Marker);
    }

    private static Forwarder Video() => new(MediaKind.Video, [Vp8], HeaderExtensionMap.Empty, new ExtendedSequence(100), default);

    private static Forwarder Audio(params ImmutableArray<RtpCodec> codecs) =>
        new(MediaKind.Audio, codecs, HeaderExtensionMap.Empty, new ExtendedSequence(100), default);

    private PublishedEncoding Encoding(RtpCodec codec) =>
        new(new RtpReceiveStream(0, null, codec), keepHistory: true, _clock, HeaderExtensionMap.Empty);

    private DropReason Frame(Forwarder forwarder, PublishedEncoding encoding, long sequence, uint timestamp, bool key,
        out RewritePlan plan) =>
        Send(forwarder, encoding, Vp8, sequence, timestamp, [0x10, key ? (byte)0 : (byte)1, 0, 0], out plan);

    private DropReason Send(
        Forwarder forwarder, PublishedEncoding encoding, RtpCodec codec, long sequence, uint timestamp, ReadOnlySpan<byte> payload,
        out RewritePlan plan)
    {
        _now += TimeSpan.FromMilliseconds(33);
        var writer = new RtpPacketWriter(_packet);
        writer.WriteHeader(false, codec.PayloadType, new ExtendedSequence(sequence).Wire, new RtpTimestamp(timestamp), new Ssrc(1));
        int headerLength = writer.FinishHeader();
        payload.CopyTo(_packet.AsSpan(headerLength));
        Span<byte> bytes = _packet.AsSpan(0, headerLength + payload.Length);
        Assert.True(RtpPacketView.TryParse(bytes, out RtpPacketView view));
        var packet = new MediaPacket(encoding.Stream, codec, new ExtendedSequence(sequence), bytes, view);
        FrameLayers layers = encoding.OnPacket(packet, _now);
        return forwarder.Plan(encoding, packet, layers, _now, out plan);
    }
}
