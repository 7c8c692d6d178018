using System.Diagnostics.Metrics;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Node;

namespace MediaGateway.Server.Telemetry;

/// <summary>The workers' counters as instruments of the meter <see cref="GatewayMetrics.MeterName"/>, read when somebody collects.</summary>
internal sealed class MediaMetrics : IHostedService
{
    private static readonly string[] ReasonNames = Enum.GetNames<DropReason>();

    private readonly WorkerPool _workers;

    public MediaMetrics(IMeterFactory factory, WorkerPool workers)
    {
        _workers = workers;
        Meter meter = factory.Create(GatewayMetrics.MeterName);
        meter.CreateObservableCounter("mediagateway.datagrams.received", () => Each(worker => worker.Datapath.Statistics.DatagramsReceived), "{datagram}");
        meter.CreateObservableCounter("mediagateway.datagrams.sent", () => Each(worker => worker.Datapath.Statistics.DatagramsSent), "{datagram}");
        meter.CreateObservableCounter("mediagateway.bytes.received", () => Each(worker => worker.Datapath.Statistics.BytesReceived), "By");
        meter.CreateObservableCounter("mediagateway.bytes.sent", () => Each(worker => worker.Datapath.Statistics.BytesSent), "By");
        meter.CreateObservableCounter("mediagateway.worker.busy", () => Each(worker => (long)worker.Datapath.Statistics.BusyTime.TotalMilliseconds), "ms");
        meter.CreateObservableGauge("mediagateway.worker.load", () => Each(worker => worker.Datapath.Statistics.Load), "1", "Share of its time that the worker was awake.");
        meter.CreateObservableGauge(
            "mediagateway.worker.delay", () => Each(worker => worker.Datapath.Statistics.Delay.TotalMilliseconds), "ms", "How long datagrams wait to be received.");
        meter.CreateObservableGauge("mediagateway.worker.shedding", () => Each(worker => worker.SheddingLevel), "{level}", "How much video is left out for want of time.");
        meter.CreateObservableCounter(
            "mediagateway.datagrams.lost", () => Each(worker => worker.Datapath.Statistics.DatagramsLost), "{datagram}", "Dropped by the system because a receive buffer was full.");
        meter.CreateObservableCounter("mediagateway.relay.sent", () => Each(worker => worker.Relay.PacketsSent), "{packet}");
        meter.CreateObservableCounter("mediagateway.relay.received", () => Each(worker => worker.Relay.PacketsReceived), "{packet}");
        meter.CreateObservableCounter("mediagateway.drops", Drops, "{datagram}", "Datagrams and packets that went no further, by reason.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<T>> Each<T>(Func<WorkerHandle, T> read)
        where T : struct =>
        _workers.Workers.Select((worker, index) => new Measurement<T>(read(worker), new KeyValuePair<string, object?>("worker", index)));

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
