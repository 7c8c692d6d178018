using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>Tests of the time that viewers are told by the gateway's sender reports, whatever the publisher's say.</summary>
public sealed class SenderReportTests
{
    private static readonly LinkConditions Jittery = new()
    { Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(10) };

    private static readonly NtpClock Right = new(new NtpTime(0xD000_0000_0000_0000));

    [Theory]
    [InlineData("right")]
    [InlineData("without a clock")]
    [InlineData("standing still")]
    [InlineData("set forward")]
    [InlineData("set back")]
    [InlineData("jumping once")]
    [InlineData("at random")]
    public void Viewers_reports_stay_with_the_packets(string clock)
    {
        using var scenario = new LiveStreamScenario(seed: 71, Jittery, workers: 2);
        TestPublisher publisher = scenario.Publish();
        MonotonicTime change = scenario.Network.Now + TimeSpan.FromSeconds(4);
        var random = new Random(71);
        publisher.WrongClock = now => clock switch
        {
            "without a clock" => default,
            "standing still" => Right.At(MonotonicTime.Zero),
            "set forward" when now > change => Right.At(now) + TimeSpan.FromDays(300),
            "set back" when now > change => Right.At(now) - TimeSpan.FromHours(2),
            "jumping once" when now > change && now < change + TimeSpan.FromSeconds(1) => Right.At(now) + TimeSpan.FromHours(1),
            "at random" => new NtpTime((ulong)random.NextInt64()),
            _ => Right.At(now),
        };
        TestViewer[] viewers = [scenario.Watch(), scenario.Watch()];
        scenario.Run(2.5);
        for (int second = 0; second < 15; second++)
        {
            scenario.Run(1);
            foreach (TestViewer viewer in viewers)
            {
                TimeSpan video = Ahead(viewer, MediaKind.Video, viewer.Video.Values.Last());
                TimeSpan audio = Ahead(viewer, MediaKind.Audio, viewer.Audio.Values.Last());
                Assert.True(video.Duration() < TimeSpan.FromMilliseconds(50), $"second {second}: picture {video}");
                Assert.True(audio.Duration() < TimeSpan.FromMilliseconds(50), $"second {second}: sound {audio}");
                Assert.True((video - audio).Duration() < TimeSpan.FromMilliseconds(50), $"second {second}: {video - audio} apart");
            }
        }
    }

    /// <summary>Time by which the last report's RTP timestamp is ahead of the packets'.</summary>
    private static TimeSpan Ahead(TestViewer viewer, MediaKind kind, ReceivedPacket packet)
    {
        RtpReceiveStream stream = viewer.Transport.Rtp.Receivers.First(receiver => receiver.Kind == kind).Encodings[0];
        SenderReportInfo report = stream.LastSenderReport!.Value;
        return TimeSpan.FromSeconds(report.Timestamp.DistanceFrom(packet.Timestamp) / (double)stream.ClockRate)
            - (report.Arrival - packet.Arrival);
    }
}
