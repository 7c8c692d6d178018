using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Sfu.Tests.LiveStreams;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>Streams in H.264 and H.265 whose parameter sets come once, as encoders in hardware send them.</summary>
public sealed class ParameterSetTests
{
    private static readonly LinkConditions Lossy = new() { Loss = 0.1, Delay = TimeSpan.FromMilliseconds(15) };

    /// <summary>SPS and PPS of a Baseline stream, SPS first.</summary>
    private static readonly byte[][] H264Units = [Convert.FromHexString("6742E01F8C8D40F01E"), Convert.FromHexString("68CE3C80")];

    private static readonly byte[][] OtherH264Units = [Convert.FromHexString("6742E01F8C8D40501E"), Convert.FromHexString("68CE3C80")];

    /// <summary>VPS, SPS and PPS of a Main stream.</summary>
    private static readonly byte[][] H265Units =
    [
        Convert.FromHexString("40010C01FFFF016000000300900000030000030078959809"),
        Convert.FromHexString("420101016000000300900000030000030078A003C08010E596566924CAF0"),
        Convert.FromHexString("4401C172B46240"),
    ];

    [Theory]
    [InlineData(CodecKind.H264, "single", 1)]
    [InlineData(CodecKind.H264, "aggregate", 1)]
    [InlineData(CodecKind.H264, "fragments", 1)]
    [InlineData(CodecKind.H264, "aggregate", 2)]
    [InlineData(CodecKind.H265, "single", 1)]
    [InlineData(CodecKind.H265, "aggregate", 2)]
    [InlineData(CodecKind.H265, "fragments", 2)]
    public void Late_viewer_is_sent_them_before_its_key_frame(CodecKind codec, string form, int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 81, workers: workers);
        byte[][] units = codec == CodecKind.H264 ? H264Units : H265Units;
        scenario.Publish(codec).Sets = PayloadsOf(codec, units, form);
        scenario.Run(3);
        TestViewer[] viewers = [scenario.Watch(codec: codec), scenario.Watch(codec: codec)];
        scenario.Run(2);

        foreach (TestViewer viewer in viewers)
        {
            LiveStreamScenario.AssertContinuous(viewer);
            LiveStreamScenario.AssertNoHoles(viewer);
            AssertSetsBeforeEachKeyFrame(viewer, Aggregate(codec, units));
        }
    }

    [Fact]
    public void Viewer_that_is_there_from_the_start_decodes_later_key_frames_too()
    {
        using var scenario = new LiveStreamScenario(seed: 82);
        TestPublisher publisher = scenario.Publish(CodecKind.H264);
        TestViewer viewer = scenario.Watch();
        publisher.Sets = [Aggregate(CodecKind.H264, H264Units)];
        scenario.RunUntil(() => viewer.Video.Count > 0);
        for (int i = 0; i < 3; i++)
        {
            scenario.Watch();
            scenario.Run(1);
        }

        LiveStreamScenario.AssertContinuous(viewer);
        LiveStreamScenario.AssertNoHoles(viewer);
        AssertSetsBeforeEachKeyFrame(viewer, Aggregate(CodecKind.H264, H264Units));
        Assert.InRange(viewer.Sets.Count, 3, publisher.KeyFramesSent);
    }

    [Fact]
    public void Sets_that_change_are_sent_as_they_are_now()
    {
        using var scenario = new LiveStreamScenario(seed: 83, workers: 2);
        TestPublisher publisher = scenario.Publish(CodecKind.H264);
        publisher.Sets = [Aggregate(CodecKind.H264, H264Units)];
        TestViewer[] early = [scenario.Watch(), scenario.Watch()];
        scenario.Run(2);
        publisher.Sets = [OtherH264Units[0]];
        scenario.Run(2);
        TestViewer[] late = [scenario.Watch(), scenario.Watch()];
        scenario.Run(2);

        foreach (TestViewer viewer in late)
            AssertSetsBeforeEachKeyFrame(viewer, Aggregate(CodecKind.H264, OtherH264Units));
        foreach (TestViewer viewer in early)
            Assert.Equal(Aggregate(CodecKind.H264, OtherH264Units), viewer.Sets.Values.Last().Payload);
    }

    [Fact]
    public void Key_frames_with_sets_of_their_own_get_no_others()
    {
        using var scenario = new LiveStreamScenario(seed: 84, workers: 2);
        scenario.Publish(CodecKind.H264);
        scenario.Run(2);
        TestViewer[] viewers = [scenario.Watch(), scenario.Watch()];
        scenario.Run(2);

        foreach (TestViewer viewer in viewers)
        {
            LiveStreamScenario.AssertContinuous(viewer);
            Assert.Empty(viewer.Sets);
        }
    }

    [Fact]
    public void Program_that_goes_to_such_a_stream_and_back_brings_them()
    {
        using var scenario = new ProgramScenario(seed: 85, workers: 2);
        scenario.AddCamera(1, CodecKind.H264).Sets = [Aggregate(CodecKind.H264, H264Units)];
        scenario.AddCamera(2, CodecKind.H264).Sets = [Aggregate(CodecKind.H264, OtherH264Units)];
        scenario.Run(2);
        TestViewer[] viewers = [scenario.Watch(), scenario.Watch()];
        scenario.Run(1.5);
        foreach (string source in (string[])["cam2", "cam1", "cam2"])
        {
            scenario.CutTo(source);
            scenario.Run(1.5);
        }

        foreach (TestViewer viewer in viewers)
        {
            LiveStreamScenario.AssertContinuous(viewer);
            LiveStreamScenario.AssertNoHoles(viewer);
            foreach ((long number, ReceivedPacket packet) in viewer.Video)
            {
                if (packet.Payload is { IsKey: true, Packet: 0, Publisher: 1 or 2 })
                    Assert.Equal(Aggregate(CodecKind.H264, packet.Payload.Publisher == 1 ? H264Units : OtherH264Units),
                        viewer.Sets[number - 1].Payload);
            }
            Assert.True(viewer.Sets.Count >= 4);
        }
    }

    /// <summary>A packet that is sent again without RTX has the nonce of the first (RFC 7714 section 8.1): it must be the same.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    public void Lost_sets_are_sent_again_bit_by_bit(bool retransmissionStream, int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 86, workers: workers);
        TestPublisher publisher = scenario.Publish(CodecKind.H264);
        publisher.Sets = [H264Units[0], H264Units[1]];
        scenario.Run(1);
        var sent = new Dictionary<(uint Ssrc, ushort Sequence), byte[]>();
        scenario.Gateway.Hosts[^1].Tap = (datagram, _) =>
        {
            if (RtcpClassifier.IsRtcp(datagram.Span) || !RtpHeader.TryParse(datagram.Span, out RtpHeader header))
                return;
            if (!sent.TryAdd((header.Ssrc.Value, header.SequenceNumber.Value), datagram.ToArray()))
                Assert.Equal(sent[(header.Ssrc.Value, header.SequenceNumber.Value)], datagram.ToArray());
        };
        scenario.Link = Lossy;
        TestViewer viewer = scenario.Watch(retransmissionStream);
        for (int i = 0; i < 60; i++)
        {
            scenario.Run(0.5);
            publisher.OnKeyFrameRequest(null!, scenario.Network.Now);
        }

        LiveStreamScenario.AssertContinuous(viewer, lossy: true);
        AssertSetsBeforeEachKeyFrame(viewer, Aggregate(CodecKind.H264, H264Units), lossy: true);
        Assert.True(viewer.Sets.Count >= 59, $"{viewer.Sets.Count} of 60.");
    }

    private static void AssertSetsBeforeEachKeyFrame(TestViewer viewer, byte[] sets, bool lossy = false)
    {
        int keyFrames = 0;
        foreach ((long number, ReceivedPacket packet) in viewer.Video)
        {
            if (packet.Payload is not { IsKey: true, Packet: 0 } || (lossy && !viewer.Sets.ContainsKey(number - 1)))
                continue;
            keyFrames++;
            Assert.Equal(sets, viewer.Sets[number - 1].Payload);
            Assert.Equal(packet.Timestamp, viewer.Sets[number - 1].Timestamp);
            Assert.False(viewer.Sets[number - 1].Marker);
        }
        Assert.Equal(keyFrames, viewer.Sets.Count);
        Assert.True(keyFrames > 0);
    }

    private static byte[][] PayloadsOf(CodecKind codec, byte[][] units, string form) => form switch
    {
        "single" => units,
        "aggregate" => [Aggregate(codec, units)],
        _ => [.. units.SelectMany(unit => Fragments(codec, unit))],
    };

    private static byte[] Aggregate(CodecKind codec, byte[][] units) =>
        [.. codec == CodecKind.H264 ? (byte[])[0x78] : [0x60, 0x01], .. units.SelectMany(unit => (byte[])[0, (byte)unit.Length, .. unit])];

    private static IEnumerable<byte[]> Fragments(CodecKind codec, byte[] unit)
    {
        int header = codec == CodecKind.H264 ? 1 : 2;
        byte[] indicator = codec == CodecKind.H264 ? [0x7C] : [0x62, 0x01];
        byte type = (byte)(codec == CodecKind.H264 ? unit[0] & 0x1F : unit[0] >> 1);
        yield return [.. indicator, (byte)(0x80 | type), .. unit[header..(header + 2)]];
        yield return [.. indicator, (byte)(0x40 | type), .. unit[(header + 2)..]];
    }
}
