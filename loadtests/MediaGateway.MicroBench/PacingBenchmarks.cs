using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Workers;

namespace MediaGateway.MicroBench;

/// <summary>Cost of the decision whether a packet of a video waits, for a viewer of whose line an estimate is known.</summary>
public class PacingBenchmarks : IDisposable
{
    private readonly SimulatedCall _call = new();
    private readonly PacedStream _paced;
    private RewritePlan _plan;
    private MonotonicTime _now;

    public PacingBenchmarks()
    {
        _call.OpenPublisher(SimulatedCall.PathOf(1));
        (Viewer viewer, _) = _call.OpenViewer(SimulatedCall.PathOf(2));
        viewer.Downlink.SetEstimate(new Bitrate(5_000_000), _call.Now);
        _paced = viewer.Subscriptions.Single(subscription => subscription.Kind == MediaKind.Video).Paced!;
        _plan.Sequence = viewer.Transport.Rtp.Senders.Single(sender => sender.Kind == MediaKind.Video).InitialSequence;
        _now = _call.Now;
    }

    /// <summary>A packet of 1,100 bytes every 4 ms, on a line of 5 Mb/s.</summary>
    [Benchmark]
    public int Pass()
    {
        _plan.Sequence += 1;
        _now += TimeSpan.FromMilliseconds(4);
        return _paced.TakesOver(_plan, BenchPackets.VideoPayload, _now) ? 0 : 1;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _call.Dispose();
        GC.SuppressFinalize(this);
    }
}
