using System.Diagnostics.Metrics;
using MediaGateway.Server.Node;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Observability;

/// <summary>Instruments of how many rooms and participants there are, read when somebody collects.</summary>
internal sealed class RoomMetrics
{
    public RoomMetrics(IMeterFactory factory, EventLog events)
    {
        Meter meter = factory.Create(TelemetryNames.Meter);
        meter.CreateObservableGauge("mediagateway.rooms", () => events.Snapshot().State.Rooms.Count, "{room}", "Meeting rooms.");
        meter.CreateObservableGauge(
            "mediagateway.participants",
            () => events.Snapshot().State.Rooms.Values.Sum(room => room.Participants.Count),
            "{participant}",
            "Participants of all rooms, connected or connecting.");
    }
}
