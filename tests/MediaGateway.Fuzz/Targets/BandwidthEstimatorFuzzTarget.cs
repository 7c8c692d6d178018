using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// Feedback of any kind, forged, contradictory or none, keeps the estimate within its bounds, and never lifts it beyond what was sent:
/// no path is believed to carry more than 1.6 times the fastest that was put on it, or what was believed at the start.
/// </summary>
public sealed class BandwidthEstimatorFuzzTarget : IFuzzTarget
{
    private const double Trial = 4;
    private const double Headroom = 1.6;

    private static readonly EstimatorOptions Options = new() { Floor = new Bitrate(30_000), Maximum = new Bitrate(50_000_000) };

    public string Name => "bandwidth-estimator";

    public IEnumerable<byte[]> Seeds =>
    [
        [.. Enumerable.Repeat<byte[]>([0, 60, 20, 1, 0, 1, 30, 2], 40).SelectMany(static step => step)],
        [6, 40, .. Enumerable.Repeat<byte[]>([0, 200, 1, 200, 5, 9, 0, 90, 2, 7], 60).SelectMany(static step => step)],
        [.. Enumerable.Repeat<byte[]>([0, 255, 5, 255, 3, 5, 4, 128, 7, 1], 30).SelectMany(static step => step)],
        [6, 255, 6, 10, .. Enumerable.Repeat<byte[]>([0, 100, 9, 50, 8, 3, 1, 0], 40).SelectMany(static step => step)],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var estimator = new BandwidthEstimator(Options);
        var probes = new ProbeController(estimator);
        var path = new Path(estimator, probes);
        for (int i = 0; i + 1 < input.Length; i += 2)
        {
            path.Step(input[i], input[i + 1]);
            Check(estimator, probes, path);
        }
    }

    private static void Check(BandwidthEstimator estimator, ProbeController probes, Path path)
    {
        double estimate = estimator.Estimate?.BitsPerSecond ?? Options.Start.BitsPerSecond;
        bool isInBounds = estimate >= Options.Floor.BitsPerSecond && estimate <= Options.Maximum.BitsPerSecond;
        Property.Holds(isInBounds, "an estimate is out of bounds");
        // Who states an estimate of its own is believed, and tried with more.
        double shown = path.Stated > 0 ? Trial * Math.Max(path.Stated, path.Fastest) : Headroom * path.Fastest;
        Property.Holds(estimate <= Math.Max(Options.Start.BitsPerSecond, shown) + 1,
            $"an estimate of {estimate:F0} without evidence: at most {path.Fastest:F0} was sent");
        Property.Holds(estimator.Loss is >= 0 and <= 1, "a loss is no part");
        Property.Holds(estimator.QueueDelay >= TimeSpan.Zero, "a queue is negative");
        Property.Holds(probes.FillerDue(path.Now) is >= 0 and <= 6000, "too much filler is due at once");
        Property.Holds(probes.FillerBytesSent <= path.FillerAllowed, $"{probes.FillerBytesSent} bytes of filler were sent");
    }

    /// <summary>A sender whose packets are answered for by the input.</summary>
    private sealed class Path(BandwidthEstimator estimator, ProbeController probes)
    {
        private const int PacketBytes = 1000;

        private readonly List<(MonotonicTime Sent, byte Probe)> _flight = [];
        private readonly Queue<(MonotonicTime Time, int Bytes)> _lately = new();
        private long _bytes;
        private long _latelyBytes;

        public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1000);

        /// <summary>Greatest rate of any 30 ms, bits per second.</summary>
        public double Fastest { get; private set; }

        /// <summary>Greatest estimate that the receiver stated itself.</summary>
        public double Stated { get; private set; }

        public double FillerAllowed => 200_000 + (0.2 * _bytes) + (2000 * (Now - MonotonicTime.FromMilliseconds(1000)).TotalSeconds);

        public void Step(byte kind, byte value)
        {
            switch (kind % 10)
            {
                case 0:
                    Send(count: 1 + value % 16, gap: TimeSpan.FromMilliseconds(value / 16));
                    break;
                case 1:
                    Now += TimeSpan.FromMilliseconds(value * 4);
                    estimator.OnTimeout(Now);
                    probes.OnTimeout(Now);
                    break;
                case 2 or 3 or 8:
                    Answer(kind, value);
                    break;
                case 4:
                    estimator.OnReport(value / 255.0, TimeSpan.FromMilliseconds(value), Now);
                    break;
                case 5:
                    Fill();
                    break;
                case 6:
                    probes.SetDemand(new Bitrate(value * 10_000), new Bitrate(value * 40_000), new Bitrate(value * 60_000), Now);
                    break;
                case 7:
                    Stated = Math.Max(Stated, value * 100_000);
                    estimator.OnRemb(new Bitrate(value * 100_000), Now);
                    break;
                default:
                    estimator.OnPathChanged(Now);
                    probes.OnPathChanged(Now);
                    break;
            }
        }

        private void Send(int count, TimeSpan gap)
        {
            for (int i = 0; i < count; i++, Now += gap)
                Send(PacketBytes);
        }

        private void Fill()
        {
            int due = probes.FillerDue(Now);
            if (due > 0)
                probes.OnFiller(due);
            for (; due > 0; due -= PacketBytes)
                Send(Math.Min(due, PacketBytes));
        }

        private void Send(int bytes)
        {
            byte probe = probes.Cluster;
            estimator.OnSent(bytes, Now);
            probes.OnSent(bytes, Now);
            _flight.Add((Now, probe));
            _bytes += bytes;
            _lately.Enqueue((Now, bytes));
            _latelyBytes += bytes;
            while (Now - _lately.Peek().Time > TimeSpan.FromMilliseconds(30))
                _latelyBytes -= _lately.Dequeue().Bytes;
            Fastest = Math.Max(Fastest, _latelyBytes * 8 / 0.03);
        }

        /// <summary>Arrivals that come in time, at one time, at random times, or not.</summary>
        private void Answer(byte kind, byte value)
        {
            int count = Math.Min(_flight.Count, 1 + value % 32);
            var results = new PacketResult[count];
            for (int i = 0; i < count; i++)
            {
                long claimed = kind switch
                {
                    2 => _flight[i].Sent.Ticks + value * 10_000L,
                    3 => (long)value << (i % 56),
                    _ => -(long)value * value * i * 1_000_003,
                };
                bool isReceived = kind % 3 != 0 || (value + i) % 3 != 0;
                results[i] = new PacketResult(_flight[i].Sent, new TimeSpan(claimed), isReceived, PacketBytes, _flight[i].Probe);
            }
            _flight.RemoveRange(0, count);
            estimator.OnFeedback(results, Now);
            probes.OnFeedback(results, Now);
        }
    }
}
