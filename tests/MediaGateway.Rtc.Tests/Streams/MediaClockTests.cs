using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

/// <summary>Tests of the time that a viewer is told, whatever the sender reports.</summary>
public sealed class MediaClockTests
{
    [Theory]
    [InlineData(ReportFault.None, 20)]
    [InlineData(ReportFault.WithoutClock, 20)]
    [InlineData(ReportFault.Absent, 20)]
    [InlineData(ReportFault.StandingStill, 20)]
    [InlineData(ReportFault.DoubleSpeed, 20)]
    [InlineData(ReportFault.Random, 20)]
    [InlineData(ReportFault.JumpsOnce, 20)]
    [InlineData(ReportFault.SetForward, 20)]
    [InlineData(ReportFault.SetBack, 20)]
    [InlineData(ReportFault.WrongTimestamp, 20)]
    [InlineData(ReportFault.ZeroTimestamp, 20)]
    [InlineData(ReportFault.BeforeFirstPacket, 20)]
    public void Moment_stays_with_the_packets_and_sound_with_the_picture(ReportFault fault, int seeds)
    {
        for (int seed = 1; seed <= seeds; seed++)
        {
            var sender = new ReportingSender(seed) { Fault = fault };
            sender.Run(TimeSpan.FromSeconds(60));
            Assert.True(sender.WorstDeviation < TimeSpan.FromMilliseconds(60), $"seed {seed}: {sender.WorstDeviation}");
            Assert.True(sender.WorstSkew < TimeSpan.FromMilliseconds(60), $"seed {seed}: {sender.WorstSkew}");
        }
    }

    [Fact]
    public void Moment_stays_within_half_a_second_of_the_packets_whatever_happens()
    {
        for (int seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var sender = new ReportingSender(seed) { PartsPerMillion = random.Next(-800, 800), ReportInterval = random.NextDouble() * 6 };
            for (int change = 0; change < 30; change++)
            {
                sender.Fault = (ReportFault)random.Next((int)ReportFault.BeforeFirstPacket);
                if (random.Next(4) == 0)
                    sender.JumpTimestamps(random.Next());
                sender.Run(TimeSpan.FromSeconds(random.NextDouble() * 20));
            }
            Assert.True(sender.WorstDeviation < TimeSpan.FromSeconds(0.5), $"seed {seed}: {sender.WorstDeviation}");
        }
    }

    [Theory]
    [InlineData(500, ReportFault.None)]
    [InlineData(-500, ReportFault.None)]
    [InlineData(500, ReportFault.WithoutClock)]
    [InlineData(-500, ReportFault.WithoutClock)]
    public void Clock_rate_that_drifts_is_followed_for_an_hour(int partsPerMillion, ReportFault fault)
    {
        var sender = new ReportingSender(1) { PartsPerMillion = partsPerMillion, Fault = fault };
        sender.Run(TimeSpan.FromHours(1));

        Assert.True(sender.WorstDeviation < TimeSpan.FromMilliseconds(60), $"{sender.WorstDeviation}");
    }

    [Theory]
    [InlineData(ReportFault.SetForward)]
    [InlineData(ReportFault.SetBack)]
    public void Clock_that_was_set_is_believed_again(ReportFault fault)
    {
        var sender = new ReportingSender(1);
        sender.Run(TimeSpan.FromSeconds(10));
        Assert.True(sender.Video.IsReported && sender.Audio.IsReported);
        sender.Fault = fault;
        sender.Run(TimeSpan.FromSeconds(40));

        Assert.True(sender.Video.IsReported && sender.Audio.IsReported);
    }

    [Fact]
    public void Delay_between_capture_and_sending_is_the_senders_to_tell()
    {
        // The picture is encoded for 150 ms, the sound is not: a viewer has to hold the sound back for so long.
        var sender = new ReportingSender(1) { EncodingDelay = TimeSpan.FromMilliseconds(150) };
        sender.Run(TimeSpan.FromSeconds(30));

        Assert.InRange(sender.WorstSkew, TimeSpan.Zero, TimeSpan.FromMilliseconds(40));
    }

    [Fact]
    public void Retransmission_that_comes_late_says_nothing()
    {
        var clock = new MediaClock(90_000);
        var remote = new RemoteClock();
        clock.OnPacket(new ExtendedSequence(2), new RtpTimestamp(9000), null, remote, At(100));
        int version = clock.Version;

        clock.OnPacket(new ExtendedSequence(1), new RtpTimestamp(0), null, remote, At(700));

        Assert.Equal(version, clock.Version);
    }

    private static MonotonicTime At(int milliseconds) => MonotonicTime.FromMilliseconds(milliseconds);
}
