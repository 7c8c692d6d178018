using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Tests.LiveStreams;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>Calls that go on while a counter of the uptime rolls over, and while the machine stands still.</summary>
public sealed class UptimeTests
{
    private static readonly LinkConditions Lossy = new() { Loss = 0.05, Delay = TimeSpan.FromMilliseconds(15) };

    /// <summary>Milliseconds after which something rolls over.</summary>
    public static TheoryData<long> RollOvers => new()
    {
        1L << 31,
        1L << 32,
        // 2^31 and 2^32 microseconds.
        (1L << 31) / 1000,
        (1L << 32) / 1000,
        // LSR and DLSR: 2^16 seconds (RFC 3550 section 6.4.1).
        (1L << 16) * 1000,
        // Timestamps of video and of sound that count from 0: 2^32 units of 1/90000 and of 1/48000 s.
        (1L << 32) / 90,
        (1L << 32) / 48,
        // The reference time of transport-wide feedback: 2^24 units of 64 ms.
        (1L << 24) * 64,
        // 2^53 units of 100 ns.
        (1L << 53) / 10_000,
    };

    [Theory]
    [MemberData(nameof(RollOvers))]
    public void Call_goes_on_across_a_roll_over(long milliseconds)
    {
        MonotonicTime rollOver = MonotonicTime.FromMilliseconds(milliseconds);
        using var scenario = new LiveStreamScenario(seed: 91, Lossy, workers: 2, start: rollOver - TimeSpan.FromSeconds(6));
        TestPublisher publisher = scenario.Publish();
        TestViewer[] viewers = [scenario.Watch(), scenario.Watch(retransmission: false)];
        scenario.Run(12);

        foreach (TestViewer viewer in viewers)
        {
            LiveStreamScenario.AssertContinuous(viewer, lossy: true);
            long span = viewer.Video.Keys.Last() - viewer.Video.Keys.First() + 1;
            Assert.True(viewer.Video.Count > span * 0.99, $"{viewer.Video.Count} of {span} packets.");
            Assert.InRange(viewer.Video.Values.Last().Arrival - rollOver, TimeSpan.FromSeconds(5.8), TimeSpan.FromSeconds(6));
            RtpReceiveStream stream = viewer.Transport.Rtp.Receivers.First(receiver => receiver.Kind == MediaKind.Video).Encodings[0];
            Assert.True(stream.LastSenderReport!.Value.Arrival > rollOver + TimeSpan.FromSeconds(3));
        }
        Assert.All(publisher.Transport.Rtp.Senders, sender =>
            Assert.InRange(sender.Stream.RoundTrip!.Value.TotalMilliseconds, 28, 40));
    }

    [Theory]
    [MemberData(nameof(RollOvers))]
    public void Slate_goes_on_across_a_roll_over(long milliseconds)
    {
        MonotonicTime rollOver = MonotonicTime.FromMilliseconds(milliseconds);
        using var scenario = new ProgramScenario(seed: 92, start: rollOver - TimeSpan.FromSeconds(3));
        Assert.Equal(BusResult.Done, scenario.Stream.AddSource(new SourceDescription.Slate("bars", "", SlatePattern.Bars), scenario.Now));
        Assert.Equal(BusResult.Done, scenario.Stream.SetProgram("bars", "", scenario.Now));
        TestViewer viewer = scenario.Watch();
        scenario.Run(6);

        AssertRate(viewer.Video, 90_000);
        AssertRate(viewer.Audio, 48_000);
    }

    /// <summary>A process that was stopped and goes on: what came meanwhile is lost.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Call_goes_on_after_a_suspension_of_ten_seconds(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 93, workers: workers);
        TestPublisher publisher = scenario.Publish();
        TestViewer[] viewers = [scenario.Watch(), scenario.Watch()];
        scenario.Run(3);
        Suspend(scenario.Gateway, true);
        scenario.Run(10);
        Suspend(scenario.Gateway, false);
        MonotonicTime resumed = scenario.Network.Now;
        scenario.Run(2);

        Assert.Empty(scenario.Gateway.Closed);
        Assert.Empty(scenario.Gateway.Overloads);
        foreach (TestViewer viewer in viewers)
        {
            Assert.Equal(0, viewer.Damaged);
            Assert.Contains(viewer.Video.Values, packet => packet.Arrival > resumed && packet.Payload is { IsKey: true, Packet: 0 });
            Assert.InRange(viewer.Video.Values.Count(packet => packet.Arrival > resumed), 30 * publisher.PacketsPerFrame, int.MaxValue);
            Assert.InRange(viewer.Audio.Values.Count(packet => packet.Arrival > resumed), 90, 110);
        }
    }

    [Fact]
    public void Program_with_a_backup_stays_what_it_was_through_a_suspension()
    {
        using var scenario = new ProgramScenario(seed: 94);
        scenario.AddCamera(1);
        scenario.AddCamera(2);
        scenario.Run(2);
        TestViewer viewer = scenario.Watch();
        scenario.Run(2);
        string before = scenario.State.Program;
        Suspend(scenario.Gateway, true);
        scenario.Run(10);
        Suspend(scenario.Gateway, false);
        scenario.Run(4);

        Assert.Equal(before, scenario.State.Program);
        Assert.Single(ProgramScenario.Watched(viewer).Seen);
    }

    private static void Suspend(SimulatedGateway gateway, bool isStalled)
    {
        foreach (SimulatedHost host in gateway.Hosts)
            host.IsStalled = isStalled;
    }

    private static void AssertRate(SortedDictionary<long, ReceivedPacket> packets, int clockRate)
    {
        (ReceivedPacket first, ReceivedPacket last) = (packets.Values.First(), packets.Values.Last());
        double seconds = last.Timestamp.DistanceFrom(first.Timestamp) / (double)clockRate;
        Assert.InRange(seconds, (last.Arrival - first.Arrival).TotalSeconds - 0.05, (last.Arrival - first.Arrival).TotalSeconds + 0.05);
        Assert.True(seconds > 4);
    }
}
