using System.Diagnostics.Metrics;

namespace MediaGateway.Server.Telemetry;

/// <summary>Instrument of webhooks that their receiver was not told.</summary>
internal sealed class WebhookMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _dropped = factory.Create(TelemetryNames.Meter)
        .CreateCounter<long>("mediagateway.webhooks.dropped", "{event}", "Events that a URL was not told.");

    public void Dropped() => _dropped.Add(1);
}
