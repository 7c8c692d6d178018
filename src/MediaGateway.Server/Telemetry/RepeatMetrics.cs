using System.Diagnostics.Metrics;

namespace MediaGateway.Server.Telemetry;

/// <summary>Instrument of the ids under which a repeated command would be known again.</summary>
internal sealed class RepeatMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _forgotten = factory.Create(TelemetryNames.Meter).CreateCounter<long>(
        "mediagateway.requests.forgotten",
        "{request}",
        "Commands whose request id was forgotten before its time, for want of room: a repeat would be carried out again.");

    public void Forgotten() => _forgotten.Add(1);
}
