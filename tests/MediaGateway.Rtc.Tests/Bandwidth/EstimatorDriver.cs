using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Bandwidth;

/// <summary>An estimator that is told of packets at a steady rate, each of which arrives after a delay or is lost.</summary>
internal sealed class EstimatorDriver(EstimatorOptions? options = null)
{
    public const int PacketBytes = 1000;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(60);

    private readonly List<PacketResult> _results = [];
    private MonotonicTime _lastReport = MonotonicTime.FromMilliseconds(1000);

    public BandwidthEstimator Estimator { get; } = new(options ?? EstimatorOptions.Default);

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1000);

    public double Megabits => Estimator.Estimate!.Value.BitsPerSecond / 1e6;

    /// <summary>Delay of a packet on its way, ms.</summary>
    public Func<double> Delay { get; set; } = static () => 20;

    /// <summary>True for a packet that is lost.</summary>
    public Func<bool> IsLost { get; set; } = static () => false;

    /// <summary>False while reports do not arrive.</summary>
    public bool HasFeedback { get; set; } = true;

    /// <summary>Sends at a rate for a time.</summary>
    public void Send(double megabits, double seconds)
    {
        MonotonicTime end = Now + TimeSpan.FromSeconds(seconds);
        TimeSpan interval = TimeSpan.FromSeconds(PacketBytes * 8 / (megabits * 1e6));
        for (; Now < end; Now += interval)
        {
            Estimator.OnSent(PacketBytes, Now);
            bool isLost = IsLost();
            TimeSpan arrival = Now + TimeSpan.FromMilliseconds(Delay()) - MonotonicTime.Zero;
            _results.Add(new PacketResult(Now, isLost ? default : arrival, !isLost, PacketBytes, 0));
            if (Now - _lastReport >= ReportInterval)
                Report();
        }
    }

    private void Report()
    {
        _lastReport = Now;
        if (HasFeedback)
            Estimator.OnFeedback(_results.ToArray(), Now + TimeSpan.FromMilliseconds(20));
        _results.Clear();
    }
}
