using System.Diagnostics.Metrics;
using MediaGateway.Platform.Datapath;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Node;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Observability;

/// <summary>
/// The workers' counters as instruments. Workers count for themselves, without a lock; their counts are read here when somebody collects.
/// </summary>
internal sealed class WorkerMetrics : IHostedService
{
    private static readonly string[] ReasonNames = Enum.GetNames<DropReason>();

    private readonly WorkerPool _workers;
    private readonly CountedHistogram _waits;

    public WorkerMetrics(IMeterFactory factory, WorkerPool workers)
    {
        _workers = workers;
        Meter meter = factory.Create(TelemetryNames.Meter);
        meter.CreateObservableCounter(
            "mediagateway.datagrams.received", () => Each(worker => Read(worker).DatagramsReceived), "{datagram}", "Datagrams received.");
        meter.CreateObservableCounter(
            "mediagateway.datagrams.sent", () => Each(worker => Read(worker).DatagramsSent), "{datagram}", "Datagrams sent.");
        meter.CreateObservableCounter(
            "mediagateway.datagrams.lost",
            () => Each(worker => Read(worker).DatagramsLost),
            "{datagram}",
            "Datagrams that the system dropped because a receive buffer was full.");
        meter.CreateObservableCounter(
            "mediagateway.media.received", () => Each(worker => Read(worker).BytesReceived), "By", "UDP payload received.");
        meter.CreateObservableCounter("mediagateway.media.sent", () => Each(worker => Read(worker).BytesSent), "By", "UDP payload sent.");
        meter.CreateObservableCounter(
            "mediagateway.worker.busy", () => Each(worker => Read(worker).BusyTime.TotalSeconds), "s", "Time that the worker was awake.");
        meter.CreateObservableGauge(
            "mediagateway.worker.load", () => Each(worker => Read(worker).Load), "1", "Share of its time that the worker was awake.");
        meter.CreateObservableGauge(
            "mediagateway.worker.delay", MeasureDelay, "s", "Time that all datagrams waited for the worker: its standing queue.");
        meter.CreateObservableGauge(
            "mediagateway.worker.shedding",
            () => Each(worker => worker.SheddingLevel),
            "{level}",
            "How much video is left out for want of time.");
        meter.CreateObservableCounter(
            "mediagateway.worker.commands.delayed",
            () => Each(worker => worker.CommandsDelayed),
            "{command}",
            "Commands that waited for room in the worker's inbox, or for its events to be read.");
        meter.CreateObservableCounter(
            "mediagateway.worker.standstill",
            () => Each(worker => worker.StandstillTime.TotalSeconds),
            "s",
            "Time that the worker stood still without being asked to, more than two seconds at a time.");
        _waits = new CountedHistogram(
            meter.CreateHistogram(
                "mediagateway.worker.wait",
                "s",
                "Time that the first datagram of a batch had waited when the worker took it.",
                advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = WaitCounts.Bounds }),
            WaitCounts.Bounds,
            (worker, bucket) => Read(workers.Workers[worker]).Waits[bucket]);
        meter.CreateObservableCounter(
            "mediagateway.relay.sent", () => Each(worker => worker.Relay.PacketsSent), "{packet}", "Packets handed to other workers.");
        meter.CreateObservableCounter(
            "mediagateway.relay.received",
            () => Each(worker => worker.Relay.PacketsReceived),
            "{packet}",
            "Packets taken over from other workers.");
        meter.CreateObservableCounter(
            "mediagateway.relay.states",
            () => Each(worker => worker.Relay.StatesSent),
            "{state}",
            "Times that more waited for another worker than may, so that it was sent the whole state in place of the changes.");
        meter.CreateObservableCounter("mediagateway.drops", Drops, "{datagram}", "Datagrams and packets that went no further, by reason.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static DatapathStatistics Read(WorkerHandle worker) => worker.Datapath.Statistics;

    private static KeyValuePair<string, object?> Label(int worker) => new("worker", worker);

    private IEnumerable<Measurement<T>> Each<T>(Func<WorkerHandle, T> read)
        where T : struct =>
        _workers.Workers.Select((worker, index) => new Measurement<T>(read(worker), Label(index)));

    private IEnumerable<Measurement<double>> MeasureDelay()
    {
        _waits.Record(_workers.Workers.Length);
        return Each(worker => Read(worker).Delay.TotalSeconds);
    }

    private IEnumerable<Measurement<long>> Drops()
    {
        for (int reason = 1; reason < ReasonNames.Length; reason++)
        {
            long count = _workers.Workers.Sum(worker => worker.Datapath.Drops[(DropReason)reason]);
            if (count > 0)
                yield return new Measurement<long>(count, new KeyValuePair<string, object?>("reason", ReasonNames[reason]));
        }
    }
}
