using System.Text;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Rtc.Tests.Transport;

public class StreamTableTests
{
    private static readonly PayloadType OpusType = new(111);
    private static readonly PayloadType Vp8Type = new(96);
    private static readonly PayloadType Vp8RetransmissionType = new(97);

    private readonly StreamTable _table = new();
    private readonly List<NegotiatedMedia> _sections = [];

    [Fact]
    public void Bind_mid_names_the_section()
    {
        Add(MediaKind.Audio, "0", new() { [HeaderExtensionKind.Mid] = 1 });
        RtpReceiver video = Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1 });

        Assert.Same(video, Bind(Vp8Type, (1, "1")));
    }

    [Fact]
    public void Bind_each_section_has_its_own_id_for_the_mid()
    {
        RtpReceiver audio = Add(MediaKind.Audio, "0", new() { [HeaderExtensionKind.Mid] = 1 });
        RtpReceiver video = Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 4 });

        Assert.Same(video, Bind(Vp8Type, (4, "1")));
        Assert.Same(audio, Bind(OpusType, (1, "0")));
    }

    [Fact]
    public void Bind_one_id_with_two_meanings_is_read_in_the_sense_of_the_section()
    {
        Add(MediaKind.Audio, "0", new() { [HeaderExtensionKind.Mid] = 1, [HeaderExtensionKind.RtpStreamId] = 3 });
        RtpReceiver video = Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1, [HeaderExtensionKind.RtpStreamId] = 2 }, "q", "f");

        Bind(Vp8Type, (1, "1"), (3, "q"), (2, "f"));

        Assert.Null(video.Encodings[0].Ssrc);
        Assert.NotNull(video.Encodings[1].Ssrc);
    }

    [Fact]
    public void Bind_a_mid_that_no_section_has_is_refused_whatever_the_payload_type()
    {
        Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1 });

        Assert.Null(Bind(Vp8Type, (1, "2")));
        Assert.NotNull(Bind(Vp8Type));
    }

    [Fact]
    public void Bind_a_retransmission_goes_by_the_repaired_rid()
    {
        RtpReceiver video = Add(
            MediaKind.Video,
            "1",
            new() { [HeaderExtensionKind.Mid] = 1, [HeaderExtensionKind.RtpStreamId] = 2, [HeaderExtensionKind.RepairedRtpStreamId] = 3 },
            "q",
            "f");

        Bind(Vp8RetransmissionType, (1, "1"), (3, "f"));

        Assert.Null(video.Encodings[1].Ssrc);
        Assert.NotNull(video.Encodings[1].RetransmissionSsrc);
    }

    private RtpReceiver Add(MediaKind kind, string mid, Dictionary<HeaderExtensionKind, byte> extensions, params string[] rids)
    {
        _sections.Add(new NegotiatedMedia
        {
            Mid = new Mid(mid),
            Kind = kind,
            Receiving = true,
            Sending = false,
            Codecs = kind == MediaKind.Audio
                ? [new RtpCodec(CodecKind.Opus, OpusType, 48_000, 2, "", null, RtcpFeedbackKinds.None)]
                : [new RtpCodec(CodecKind.Vp8, Vp8Type, 90_000, 1, "", Vp8RetransmissionType, RtcpFeedbackKinds.Nack)],
            Extensions = new HeaderExtensionMap(extensions),
            ReceiveEncodings = [.. rids.Select(rid => new Rid(rid))],
            ReducedSizeRtcp = true,
        });
        _table.Update([.. _sections]);
        return _table.Find(new Mid(mid))!;
    }

    private RtpReceiver? Bind(PayloadType payloadType, params (byte Id, string Value)[] extensions)
    {
        byte[] bytes = new byte[200];
        var writer = new RtpPacketWriter(bytes);
        writer.WriteHeader(marker: false, payloadType, new SequenceNumber(1), new RtpTimestamp(1), new Ssrc(payloadType.Value));
        foreach ((byte id, string value) in extensions)
            Assert.True(writer.WriteExtension(id, Encoding.ASCII.GetBytes(value)));
        int length = writer.FinishHeader() + 10;
        Assert.True(RtpPacketView.TryParse(bytes.AsSpan(0, length), out RtpPacketView view));
        return _table.Bind(view)?.Receiver;
    }
}
