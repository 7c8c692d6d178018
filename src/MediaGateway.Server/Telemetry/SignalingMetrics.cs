using System.Diagnostics.Metrics;

namespace MediaGateway.Server.Telemetry;

/// <summary>Instruments of participants' WebSockets.</summary>
internal sealed class SignalingMetrics
{
    private readonly Counter<long> _opened;
    private readonly Counter<long> _ended;

    public SignalingMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(TelemetryNames.Meter);
        _opened = meter.CreateCounter<long>(
            "mediagateway.signaling.opened", "{connection}", "WebSockets of participants, by whether they joined or resumed.");
        _ended = meter.CreateCounter<long>(
            "mediagateway.signaling.ended", "{connection}", "WebSockets of participants that are over, by reason.");
    }

    public void Opened(bool resumed) => _opened.Add(1, new KeyValuePair<string, object?>("kind", resumed ? "resume" : "join"));

    /// <param name="reason">The name of the reason; one of a fixed set.</param>
    public void Ended(string reason) => _ended.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
