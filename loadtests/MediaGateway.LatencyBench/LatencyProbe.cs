using System.Diagnostics;

namespace MediaGateway.LatencyBench;

/// <summary>Has one target exchange datagrams at a steady rate, one at a time, and keeps the times they took.</summary>
internal sealed class LatencyProbe(ILatencyTarget target, int datagramsPerSecond)
{
    public const int DatagramLength = 1_200;

    /// <summary>Time after which a datagram counts as lost, in ticks of the stopwatch.</summary>
    public static readonly long LostAfter = Stopwatch.Frequency / 5;

    private readonly long _interval = Stopwatch.Frequency / datagramsPerSecond;

    public ILatencyTarget Target { get; } = target;

    public LatencySamples Latencies { get; } = new();

    public int Lost { get; private set; }

    public void Run(int datagrams, bool record)
    {
        long next = Stopwatch.GetTimestamp();
        for (int i = 0; i < datagrams; i++)
        {
            do
                Target.Idle();
            while (Stopwatch.GetTimestamp() < next);
            TimeSpan? latency = Target.Exchange();
            if (record && latency is { } measured)
                Latencies.Add(measured);
            else if (latency is null)
                Lost++;
            // What is late is not made up for: it would measure a burst.
            next = Math.Max(next + _interval, Stopwatch.GetTimestamp());
        }
    }
}
