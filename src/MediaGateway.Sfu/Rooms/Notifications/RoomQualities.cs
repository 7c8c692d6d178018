using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Quality;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>Measures each participant's connection and tells everybody in the room as its quality changes.</summary>
internal sealed class RoomQualities(Room room)
{
    private readonly Dictionary<Participant, ConnectionMeter> _meters = [];
    private MonotonicTime _nextUpdate;

    public void Update(MonotonicTime now)
    {
        if (now < _nextUpdate)
            return;
        _nextUpdate = now + ConnectionQualityEstimator.UpdateInterval;
        List<ConnectionQualityInfo> changes = [];
        foreach (Participant participant in room.Participants)
        {
            if (!participant.WasConnected)
                continue;
            ConnectionMeter meter = MeterOf(participant, now);
            if (meter.Update(now))
                changes.Add(meter.Describe());
            else if (meter.HasLineChanged)
                Tell(participant, [meter.Describe()]);
        }
        if (changes.Count == 0)
            return;
        foreach (Participant participant in room.Participants)
            Tell(participant, changes);
    }

    /// <summary>Tells a newcomer, or a participant that is back, the qualities of all connections.</summary>
    public void Announce(Participant newcomer) => Tell(newcomer, _meters.Values.Select(meter => meter.Describe()));

    public void Forget(Participant participant) => _meters.Remove(participant);

    private void Tell(Participant participant, IEnumerable<ConnectionQualityInfo> qualities)
    {
        ImmutableArray<ConnectionQualityInfo> visible =
        [
            .. qualities
                .Where(quality => IsVisible(quality, participant))
                .Select(quality => quality.Participant == participant.Sid ? quality : quality.ForOthers),
        ];
        if (!visible.IsEmpty)
            participant.Notify(new RoomNotification.ConnectionQualityChanged(visible));
    }

    private ConnectionMeter MeterOf(Participant participant, MonotonicTime now)
    {
        if (_meters.TryGetValue(participant, out ConnectionMeter? meter))
            return meter;
        meter = new ConnectionMeter(participant, now);
        _meters.Add(participant, meter);
        return meter;
    }

    private bool IsVisible(ConnectionQualityInfo info, Participant viewer) =>
        info.Participant == viewer.Sid || room.Find(info.Participant) is { Permissions.Hidden: false };
}
