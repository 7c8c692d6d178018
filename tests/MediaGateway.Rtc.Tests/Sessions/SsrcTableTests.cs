using System.Text;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Sessions;

public class SsrcTableTests
{
    private static readonly PayloadType OpusType = new(111);
    private static readonly PayloadType Vp8Type = new(96);
    private static readonly PayloadType Vp8RetransmissionType = new(97);

    private readonly SsrcTable _table = new();
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
        RtpReceiver video =
            Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1, [HeaderExtensionKind.RtpStreamId] = 2 }, "q", "f");

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

    [Fact]
    public void Update_encoding_without_a_declared_source_is_found_again_after_a_pause()
    {
        RtpReceiver before =
            Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1, [HeaderExtensionKind.RtpStreamId] = 2 }, "q", "f");
        Assert.Same(before, Bind(Vp8Type, (1, "1"), (2, "f")));

        _table.Update([]);
        Assert.Null(Bind(Vp8Type));
        _table.Update([.. _sections]);
        RtpReceiver after = _table.Find(new Mid("1"))!;

        Assert.NotSame(before, after);
        Assert.Same(after, Bind(Vp8Type));
        Assert.Equal([null, new Ssrc(Vp8Type.Value)], after.Encodings.Select(encoding => encoding.Ssrc));
    }

    [Fact]
    public void Update_section_with_other_encodings_begins_anew()
    {
        RtpReceiver before =
            Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1, [HeaderExtensionKind.RtpStreamId] = 2 }, "q", "f");

        _table.Update([_sections[0] with { ReceiveEncodings = [new Rid("q"), new Rid("h"), new Rid("f")] }]);

        Assert.NotSame(before, _table.Find(new Mid("1")));
    }

    [Fact]
    public void Update_other_parameters_and_order_of_codecs_are_the_same_section()
    {
        RtpReceiver before = Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1 });
        RtpCodec vp8 = _sections[0].Codecs[0];

        _table.Update([_sections[0] with { Codecs = [vp8 with { Parameters = "x-google-start-bitrate=1000" }] }]);
        Assert.Same(before, _table.Find(new Mid("1")));
        Assert.Equal("x-google-start-bitrate=1000", before.Codecs[0].Parameters);

        _table.Update([_sections[0] with { Codecs = [vp8 with { Feedback = RtcpFeedbackKinds.None }] }]);
        Assert.NotSame(before, _table.Find(new Mid("1")));
    }

    [Fact]
    public void Update_source_declared_in_another_section_moves_there()
    {
        Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1 });
        Assert.NotNull(Bind(Vp8Type));

        _table.Update(
            [_sections[0], _sections[0] with { Mid = new Mid("2"), RemoteSources = [new RemoteSource(new Ssrc(Vp8Type.Value), null)] }]);

        Assert.True(_table.TryGet(new Ssrc(Vp8Type.Value), out StreamBinding? binding));
        Assert.Equal("2", binding!.Receiver.Mid.Value);
    }

    [Fact]
    public void Update_source_that_is_declared_anew_before_it_sent_takes_the_place_of_the_other()
    {
        Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1 });
        _table.Update([_sections[0] with { RemoteSources = [new RemoteSource(new Ssrc(1), null)] }]);
        _table.Update([_sections[0] with { RemoteSources = [new RemoteSource(new Ssrc(2), null)] }]);

        Assert.False(_table.TryGet(new Ssrc(1), out _));
        Assert.True(_table.TryGet(new Ssrc(2), out _));
        Assert.Equal(new Ssrc(2), _table.Receivers[0].Encodings[0].Ssrc);
    }

    [Fact]
    public void Straggler_takes_nothing_from_the_source_that_a_description_put_in_its_place()
    {
        Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1 });
        Bind(Vp8Type, (1, "1"));
        _table.Update([]);
        _table.Update([_sections[0] with { RemoteSources = [new RemoteSource(new Ssrc(2), null)] }]);

        Assert.Null(Bind(Vp8Type, (1, "1")));
        Assert.Null(Bind(Vp8Type));
        Assert.Equal(new Ssrc(2), _table.Receivers[0].Encodings[0].Ssrc);
    }

    [Fact]
    public void Source_that_a_description_withdrew_before_it_sent_takes_nothing_back()
    {
        Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1 });
        _table.Update([_sections[0] with { RemoteSources = [new RemoteSource(new Ssrc(Vp8Type.Value), null)] }]);
        _table.Update([_sections[0] with { RemoteSources = [new RemoteSource(new Ssrc(2), null)] }]);

        Assert.Null(Bind(Vp8Type, (1, "1")));
        Assert.Equal(new Ssrc(2), _table.Receivers[0].Encodings[0].Ssrc);
    }

    [Fact]
    public void Straggler_allocates_nothing()
    {
        Add(MediaKind.Video, "1", new() { [HeaderExtensionKind.Mid] = 1 });
        Bind(Vp8Type);
        _table.Update([]);
        byte[] packet = Packet(Vp8Type);
        void BindOften()
        {
            Assert.True(RtpPacketView.TryParse(packet, out RtpPacketView view));
            for (int i = 0; i < 1000; i++)
                _table.Bind(view);
        }
        BindOften();

        Assert.Equal(0, AllocatedBytes.LeastOf(BindOften));
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
        Assert.True(RtpPacketView.TryParse(Packet(payloadType, extensions), out RtpPacketView view));
        return _table.Bind(view)?.Receiver;
    }

    /// <summary>Makes a packet whose SSRC is its payload type.</summary>
    private static byte[] Packet(PayloadType payloadType, params (byte Id, string Value)[] extensions)
    {
        byte[] bytes = new byte[200];
        var writer = new RtpPacketWriter(bytes);
        writer.WriteHeader(marker: false, payloadType, new SequenceNumber(1), new RtpTimestamp(1), new Ssrc(payloadType.Value));
        foreach ((byte id, string value) in extensions)
            Assert.True(writer.WriteExtension(id, Encoding.ASCII.GetBytes(value)));
        return bytes[..(writer.FinishHeader() + 10)];
    }
}
