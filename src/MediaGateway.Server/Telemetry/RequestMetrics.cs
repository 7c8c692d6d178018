using System.Diagnostics.Metrics;

namespace MediaGateway.Server.Telemetry;

/// <summary>Instrument of HTTP requests that were refused.</summary>
internal sealed class RequestMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _refused = factory.Create(TelemetryNames.Meter)
        .CreateCounter<long>("mediagateway.requests.refused", "{request}", "Requests refused, by error code.");

    /// <param name="code">The error's code in a problem document; one of a fixed set.</param>
    public void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));
}
