using System.Diagnostics.Metrics;
using MediaGateway.Rtc.Transport;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Telemetry;

/// <summary>Instruments of WHIP and WHEP sessions.</summary>
internal sealed class SessionMetrics
{
    private static readonly string[] ReasonNames = Enum.GetNames<PeerCloseReason>();

    private readonly Counter<long> _opened;
    private readonly Counter<long> _deleted;
    private readonly Counter<long> _ended;

    public SessionMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(TelemetryNames.Meter);
        _opened = meter.CreateCounter<long>("mediagateway.sessions.opened", "{session}", "Sessions answered, by kind.");
        _deleted = meter.CreateCounter<long>(
            "mediagateway.sessions.deleted", "{session}", "Sessions that their client ended with DELETE, by kind.");
        _ended = meter.CreateCounter<long>("mediagateway.sessions.ended", "{session}", "Sessions that are over, by kind and reason.");
    }

    public void Opened(SessionKind kind) => _opened.Add(1, Kind(kind));

    public void Deleted(SessionKind kind) => _deleted.Add(1, Kind(kind));

    public void Ended(SessionKind kind, PeerCloseReason reason) =>
        _ended.Add(1, Kind(kind), new KeyValuePair<string, object?>("reason", ReasonNames[(int)reason]));

    private static KeyValuePair<string, object?> Kind(SessionKind kind) => new("kind", kind == SessionKind.Whip ? "whip" : "whep");
}
