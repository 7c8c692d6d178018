using System.Diagnostics.Metrics;

namespace MediaGateway.Server.Telemetry;

/// <summary>Instrument of failures that no caller is told of: those of work beside requests and media.</summary>
internal sealed class BackgroundMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _failures = factory.Create(TelemetryNames.Meter)
        .CreateCounter<long>("mediagateway.background.failures", "{failure}", "Failures of background work, by task.");

    /// <param name="task">What was being done; one of a few names, never something that a client wrote.</param>
    public void Failed(string task) => _failures.Add(1, new KeyValuePair<string, object?>("task", task));
}
