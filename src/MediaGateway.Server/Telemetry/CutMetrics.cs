using System.Diagnostics.Metrics;
using MediaGateway.Sfu.LiveStreams;

namespace MediaGateway.Server.Telemetry;

/// <summary>Instrument of the cuts of live streams.</summary>
internal sealed class CutMetrics(IMeterFactory factory)
{
    private readonly Histogram<double> _duration = factory.Create(TelemetryNames.Meter).CreateHistogram(
        "mediagateway.cut.duration",
        "s",
        "Time from the decision to put another source on air to its key frame.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2] });

    /// <summary>Takes in a live stream that has changed.</summary>
    /// <param name="before">What was known of it; null when nothing was.</param>
    /// <param name="after">What is known now.</param>
    public void OnStream(LiveStreamSnapshot? before, LiveStreamSnapshot after)
    {
        if (after.CutCount > (before?.CutCount ?? 0) && after.LastCutTook is { } time)
            _duration.Record(time.TotalSeconds);
    }
}
