using MediaGateway.Testing.Bandwidth;
using MediaGateway.Testing.Links;
using MediaGateway.Testing.Network;

namespace MediaGateway.Rtc.Tests.Bandwidth;

/// <summary>Runs of the estimator's loop over seeds, and what stands around them.</summary>
internal static class LoopRuns
{
    /// <summary>A sender that sends what the estimate says, up to 6 Mb/s.</summary>
    public static readonly LoopOptions Elastic = new() { IsElastic = true, Steps = [new(0.062, 0), new(6, 0)] };

    /// <summary>A camera.</summary>
    public static readonly LoopOptions Camera = new();

    /// <summary>The wire of RFC 8867 section 4: 50 ms in each direction, and up to 30 ms more without reordering.</summary>
    public static readonly LinkConditions Jitter = new()
    {
        Delay = TimeSpan.FromMilliseconds(50),
        Jitter = TimeSpan.FromMilliseconds(30),
        KeepsOrder = true,
    };

    public static LoopOptions On(this LoopOptions options, LinkConditions wire) => options with { Wire = wire, BackDelay = wire.Delay };

    public static LinkOptions Line(double megabits, double queueMilliseconds = 300) => new()
    {
        Rate = RateTrace.Constant(megabits),
        QueueLength = TimeSpan.FromMilliseconds(queueMilliseconds),
    };

    public static EstimatorLoop Run(int seed, LinkOptions line, LoopOptions options, double seconds)
    {
        var network = new SimulatedNetwork(seed);
        var loop = new EstimatorLoop(network, new SimulatedLink(network, line), options, seed);
        network.Run(TimeSpan.FromSeconds(seconds));
        return loop;
    }

    /// <summary>The value of a figure that so many of the seeds, 0 to 1, do not exceed.</summary>
    public static double Over(int seeds, double part, Func<int, double> figure) =>
        Figures.Percentile(Enumerable.Range(1, seeds).Select(figure), part);

    /// <summary>Waiting time in the queue that so many of the packets, 0 to 1, do not exceed; ms.</summary>
    public static double Queue(EstimatorLoop loop, double part, double from, double to) =>
        Figures.Percentile(loop.Flow.QueueDelays(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to)), part);
}
