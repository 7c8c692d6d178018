using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>Publisher, gateway and viewers over a network that loses, reorders and duplicates, 200 seeds.</summary>
public sealed class LossyNetworkTests
{
    private const int Seeds = 200;

    private static readonly LinkConditions FivePercent = new()
    {
        Loss = 0.05,
        Duplication = 0.01,
        Delay = TimeSpan.FromMilliseconds(20),
        Jitter = TimeSpan.FromMilliseconds(8),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void At_five_percent_loss_viewers_get_almost_every_packet_within_half_a_second(int workers)
    {
        long expected = 0, inTime = 0, lost = 0;
        Parallel.For(0, Seeds, seed =>
        {
            (long Expected, long InTime, long Lost) run = Run(seed, workers);
            Interlocked.Add(ref expected, run.Expected);
            Interlocked.Add(ref inTime, run.InTime);
            Interlocked.Add(ref lost, run.Lost);
        });

        Assert.True(lost > expected / 50, $"The network lost only {lost} datagrams: nothing was tested.");
        Assert.True(inTime > expected * 0.999, $"{inTime} of {expected} packets came in time.");
    }

    private static (long Expected, long InTime, long Lost) Run(int seed, int workers)
    {
        using var scenario = new LiveStreamScenario(seed, FivePercent, workers: workers);
        scenario.Publish();
        TestViewer[] viewers = [scenario.Watch(), scenario.Watch()];
        scenario.RunUntil(() => viewers.All(viewer => viewer.Video.Count > 0), limit: 20);
        scenario.Run(4);
        long expected = 0, inTime = 0;
        foreach (TestViewer viewer in viewers)
        {
            LiveStreamScenario.AssertContinuous(viewer, lossy: true);
            (long Expected, long InTime) count = Count(viewer, scenario.Network.Now);
            expected += count.Expected;
            inTime += count.InTime;
        }
        return (expected, inTime, scenario.Network.DatagramsLost);
    }

    /// <summary>Counts over all outgoing numbers whose packets were sent long enough ago to be expected.</summary>
    private static (long Expected, long InTime) Count(TestViewer viewer, MonotonicTime now)
    {
        TimeSpan limit = TimeSpan.FromMilliseconds(500);
        KeyValuePair<long, ReceivedPacket>[] due = [.. viewer.Video.Where(packet => now - packet.Value.Payload.SentAt > limit)];
        long expected = due[^1].Key - due[0].Key + 1;
        return (expected, due.Count(packet => packet.Value.Arrival - packet.Value.Payload.SentAt <= limit));
    }
}
