using System.Diagnostics.Metrics;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;

namespace MediaGateway.Server.Telemetry;

/// <summary>The server's own instruments, on the meter <see cref="MeterName"/>. Label values come from enums only.</summary>
internal sealed class GatewayMetrics
{
    public const string MeterName = "MediaGateway";

    private static readonly string[] EndNames = Enum.GetNames<SignalEnd>();

    private readonly Counter<long> _sessionsOpened;
    private readonly Counter<long> _sessionsClosed;
    private readonly Counter<long> _requestsRefused;
    private readonly Counter<long> _signalingOpened;
    private readonly Counter<long> _signalingEnded;

    public GatewayMetrics(IMeterFactory factory, ILiveStreams streams)
    {
        Meter meter = factory.Create(MeterName);
        _sessionsOpened = meter.CreateCounter<long>("mediagateway.sessions.opened", "{session}", "Sessions answered, by kind.");
        _sessionsClosed = meter.CreateCounter<long>(
            "mediagateway.sessions.deleted", "{session}", "Sessions that their client ended with DELETE, by kind.");
        _requestsRefused = meter.CreateCounter<long>("mediagateway.requests.refused", "{request}", "Requests refused, by error code.");
        _signalingOpened = meter.CreateCounter<long>(
            "mediagateway.signaling.opened", "{connection}", "Participants' connections, by whether they joined or resumed.");
        _signalingEnded = meter.CreateCounter<long>("mediagateway.signaling.ended", "{connection}", "The same once they are over, by reason.");
        meter.CreateObservableGauge(
            "mediagateway.streams.live", () => streams.Streams.Count(stream => stream.IsLive), "{stream}", "Streams with a publisher.");
        meter.CreateObservableGauge(
            "mediagateway.viewers", () => streams.Streams.Sum(stream => stream.Viewers), "{viewer}", "Connected viewers.");
    }

    public void SessionOpened(SessionKind kind) => _sessionsOpened.Add(1, Kind(kind));

    public void SessionClosedByClient(SessionKind kind) => _sessionsClosed.Add(1, Kind(kind));

    public void RequestRefused(ErrorCode code) => _requestsRefused.Add(1, new KeyValuePair<string, object?>("code", HttpProblems.Kinds[code].Code));

    public void SignalingOpened(bool resumed) => _signalingOpened.Add(1, new KeyValuePair<string, object?>("kind", resumed ? "resume" : "join"));

    public void SignalingEnded(SignalEnd end) => _signalingEnded.Add(1, new KeyValuePair<string, object?>("reason", EndNames[(int)end]));

    private static KeyValuePair<string, object?> Kind(SessionKind kind) => new("kind", kind == SessionKind.Whip ? "whip" : "whep");
}
