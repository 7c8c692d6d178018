using System.Diagnostics.Metrics;

namespace MediaGateway.Server.Telemetry;

/// <summary>Instrument of commands that are missing in the audit file.</summary>
internal sealed class AuditMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _lost = factory.Create(TelemetryNames.Meter)
        .CreateCounter<long>("mediagateway.audit.lost", "{command}", "Commands that could not be written to the audit file.");

    public void Lost() => _lost.Add(1);
}
