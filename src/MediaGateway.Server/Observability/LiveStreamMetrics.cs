using System.Diagnostics.Metrics;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Observability;

/// <summary>Instruments of how many live streams and viewers there are, read when somebody collects.</summary>
internal sealed class LiveStreamMetrics
{
    public LiveStreamMetrics(IMeterFactory factory, ILiveStreams streams)
    {
        Meter meter = factory.Create(TelemetryNames.Meter);
        meter.CreateObservableGauge(
            "mediagateway.streams.live", () => streams.Streams.Count(stream => stream.IsLive), "{stream}", "Streams with a publisher.");
        meter.CreateObservableGauge(
            "mediagateway.viewers", () => streams.Streams.Sum(stream => stream.Viewers), "{viewer}", "Connected viewers.");
    }
}
