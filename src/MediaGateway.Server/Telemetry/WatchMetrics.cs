using System.Diagnostics.Metrics;

namespace MediaGateway.Server.Telemetry;

/// <summary>Instrument of the watches of the control API that missed changes.</summary>
internal sealed class WatchMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _missed = factory.Create(TelemetryNames.Meter).CreateCounter<long>(
        "mediagateway.watches.missed",
        "{watch}",
        "Times that a watch missed changes and was told the whole state in their place, by reason.");

    /// <param name="reason">Name of the reason; one of a fixed set.</param>
    public void Missed(string reason) => _missed.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
