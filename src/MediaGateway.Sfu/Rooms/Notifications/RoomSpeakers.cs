using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Speakers;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>Detects who speaks in a room and tells everybody in it as that changes.</summary>
internal sealed class RoomSpeakers(Room room, MonotonicTime now)
{
    private readonly SpeakerDetector<ParticipantSid> _detector = new(now);

    public AudioLevelMeter AddMeter(RoomMember speaker) => _detector.AddMeter(speaker.Sid);

    public void RemoveMeter(RoomMember speaker, AudioLevelMeter meter)
    {
        meter.ListenTo(null);
        _detector.RemoveMeter(speaker.Sid, meter);
    }

    public void Update(MonotonicTime now)
    {
        ReadOnlySpan<Speaker<ParticipantSid>> changes = _detector.Update(now);
        foreach (Speaker<ParticipantSid> active in _detector.Active)
        {
            if (room.Find(active.Key) is { } speaker)
                speaker.LastSpoke = now;
        }
        if (changes.IsEmpty)
            return;
        var speakers = ImmutableArray.CreateBuilder<SpeakerInfo>(changes.Length);
        foreach (Speaker<ParticipantSid> change in changes)
            speakers.Add(InfoOf(change));
        ImmutableArray<SpeakerInfo> all = speakers.MoveToImmutable();
        foreach (Participant participant in room.Participants)
            Tell(participant, all);
    }

    /// <summary>Tells a newcomer who speaks already.</summary>
    public void Announce(Participant newcomer)
    {
        if (_detector.Active.Count > 0)
            Tell(newcomer, [.. _detector.Active.Select(InfoOf)]);
    }

    /// <summary>Tells a listener about speakers, but not about hidden ones.</summary>
    private void Tell(Participant listener, ImmutableArray<SpeakerInfo> speakers)
    {
        ImmutableArray<SpeakerInfo> visible = speakers.RemoveAll(speaker =>
            speaker.Participant != listener.Sid && room.Find(speaker.Participant) is { Permissions.Hidden: true });
        if (!visible.IsEmpty)
            listener.Notify(new RoomNotification.SpeakersChanged(visible));
    }

    private static SpeakerInfo InfoOf(Speaker<ParticipantSid> speaker) => new(speaker.Key, speaker.Level, speaker.Active);
}
