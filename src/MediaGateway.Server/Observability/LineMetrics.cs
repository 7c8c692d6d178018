using System.Diagnostics.Metrics;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Server.Node;
using MediaGateway.Server.Telemetry;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Server.Observability;

/// <summary>
/// Instruments of the lines of all receivers. Workers count them once a second; their counts are read when somebody collects.
/// </summary>
internal sealed class LineMetrics : IHostedService
{
    private static readonly FeedbackKind[] Kinds = Enum.GetValues<FeedbackKind>();
    private static readonly LimitCause[] Causes = [.. Enum.GetValues<LimitCause>().Where(cause => cause != LimitCause.None)];

    private readonly WorkerPool _workers;
    private readonly CountedHistogram _estimates;
    private readonly CountedHistogram _queueDelays;

    public LineMetrics(IMeterFactory factory, WorkerPool workers)
    {
        _workers = workers;
        Meter meter = factory.Create(TelemetryNames.Meter);
        _estimates = new CountedHistogram(
            meter.CreateHistogram(
                "mediagateway.line.estimate",
                "bit/s",
                "Estimates of what receivers' lines carry, each counted once a second.",
                advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LineCensus.EstimateBounds }),
            LineCensus.EstimateBounds,
            (worker, bucket) => workers.Workers[worker].Lines.Estimates(bucket));
        _queueDelays = new CountedHistogram(
            meter.CreateHistogram(
                "mediagateway.line.delay",
                "s",
                "Time that packets wait on the way to receivers because of what is sent, each line counted once a second.",
                advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LineCensus.QueueDelayBounds }),
            LineCensus.QueueDelayBounds,
            (worker, bucket) => workers.Workers[worker].Lines.QueueDelays(bucket));
        meter.CreateObservableGauge(
            "mediagateway.lines", MeasureLines, "{line}", "Receivers, by what they tell of the packets that arrive.");
        meter.CreateObservableGauge(
            "mediagateway.lines.congested",
            () => workers.Workers.Sum(worker => worker.Lines.Congested),
            "{line}",
            "Receivers to whom more was just sent than their lines carry.");
        meter.CreateObservableGauge(
            "mediagateway.videos.limited",
            () => Each((lines, cause) => lines.Limited(cause)),
            "{video}",
            "Receptions of a video that are not sent whole, by cause.");
        meter.CreateObservableGauge(
            "mediagateway.videos.paused",
            () => Each((lines, cause) => lines.Paused(cause)),
            "{video}",
            "Receptions of a video that are not sent at all, by cause.");
        meter.CreateObservableCounter(
            "mediagateway.filler.sent",
            () => workers.Workers.Sum(worker => worker.Lines.FillerBytes),
            "By",
            "Bytes sent to find out whether lines carry more.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<int>> MeasureLines()
    {
        _estimates.Record(_workers.Workers.Length);
        _queueDelays.Record(_workers.Workers.Length);
        return Kinds.Select(kind => new Measurement<int>(
            _workers.Workers.Sum(worker => worker.Lines.Lines(kind)), new KeyValuePair<string, object?>("feedback", NameOf(kind))));
    }

    private IEnumerable<Measurement<int>> Each(Func<LineCensus, LimitCause, int> count) => Causes.Select(cause => new Measurement<int>(
        _workers.Workers.Sum(worker => count(worker.Lines, cause)),
        new KeyValuePair<string, object?>("cause", cause.ToString().ToLowerInvariant())));

    private static string NameOf(FeedbackKind kind) => kind switch
    {
        FeedbackKind.TransportWide => "transport-wide",
        FeedbackKind.Remb => "remb",
        FeedbackKind.ReceiverReports => "receiver-reports",
        _ => "none",
    };
}
