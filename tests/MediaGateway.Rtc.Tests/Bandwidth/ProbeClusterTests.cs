using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Bandwidth;

public sealed class ProbeClusterTests
{
    private const int Bytes = 1000;

    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(1000);

    private readonly ProbeCluster _cluster = new();

    /// <summary>4 Mb/s: a packet each 2 ms.</summary>
    [Fact]
    public void Probe_that_arrives_as_it_was_sent_is_carried()
    {
        ProbeOutcome outcome = Run(packet => 2 * packet);

        Assert.Equal(ProbeVerdict.Carried, outcome.Verdict);
        Assert.InRange(outcome.Rate, 3.8e6, 4e6);
    }

    [Fact]
    public void Probe_that_takes_twice_as_long_shows_a_full_path()
    {
        ProbeOutcome outcome = Run(packet => 4 * packet);

        Assert.Equal(ProbeVerdict.Full, outcome.Verdict);
        Assert.InRange(outcome.Rate, 1.8e6, 2e6);
    }

    [Fact]
    public void Bunch_says_nothing() => Assert.Equal(ProbeVerdict.Unknown, Run(_ => 40).Verdict);

    [Fact]
    public void Stall_of_the_receiver_says_nothing() =>
        Assert.Equal(ProbeVerdict.Unknown, Run(packet => packet < 6 ? 2 * packet : 120).Verdict);

    [Fact]
    public void Scatter_that_hides_the_result_asks_for_a_longer_probe()
    {
        var random = new Random(1);
        ProbeOutcome outcome = Run(packet => 2 * packet + 20 * random.NextDouble());

        Assert.Equal(ProbeVerdict.Unclear, outcome.Verdict);
        Assert.InRange(outcome.Error, 0.05, 1);
    }

    [Fact]
    public void Policer_is_a_full_path()
    {
        ProbeOutcome outcome = Run(packet => packet % 2 == 0 ? 2 * packet : null);

        Assert.Equal(ProbeVerdict.Full, outcome.Verdict);
        Assert.InRange(outcome.Rate, 1.5e6, 2.2e6);
    }

    [Fact]
    public void Losses_that_the_path_always_has_are_no_full_path() =>
        Assert.Equal(ProbeVerdict.Carried, Run(packet => packet % 5 != 2 ? 2 * packet : null, inherentLoss: 0.2).Verdict);

    [Fact]
    public void Forged_arrivals_do_not_exceed_what_was_sent()
    {
        Assert.Equal(ProbeVerdict.Unknown, Run(packet => 0.001 * packet).Verdict);
        Assert.InRange(Run(packet => 1.5 * packet).Rate, 0, 4e6);
    }

    private ProbeOutcome Run(Func<int, double?> arrival, double inherentLoss = 0)
    {
        _cluster.Begin(4e6, TimeSpan.FromMilliseconds(30), Start);
        for (int packet = 0; packet < 16; packet++)
            _cluster.OnSent(Bytes, Start + TimeSpan.FromMilliseconds(2 * packet));
        _cluster.Close();
        for (int packet = 0; packet < 16; packet++)
        {
            double? time = arrival(packet);
            _cluster.OnResult(new PacketResult(Start + TimeSpan.FromMilliseconds(2 * packet),
                TimeSpan.FromMilliseconds(5000 + (time ?? 0)), time is not null, Bytes, _cluster.Number));
        }
        Assert.True(_cluster.IsComplete);
        return _cluster.Conclude(inherentLoss, fullStretch: 0.1, isLast: false);
    }
}
