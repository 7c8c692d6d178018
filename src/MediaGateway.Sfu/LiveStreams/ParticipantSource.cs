using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A source that is a member of a room: the tracks that it publishes at the time. They are wanted at their best, so that they
/// are being sent when a cut comes.</summary>
/// <param name="description">The source as its director describes it.</param>
/// <param name="findRoom">Looks the room up; null when there is none.</param>
internal sealed class ParticipantSource(SourceDescription.Participant description, Func<string, Room?> findRoom) : StreamSource(description)
{
    private TrackPublication? _video;
    private TrackPublication? _audio;
    private Publication? _shownVideo;
    private Publication? _shownAudio;
    private SourcePublications _publications = SourcePublications.None;

    public override void Release(MonotonicTime now)
    {
        _video?.Release(now);
        _audio?.Release(now);
        _video = _audio = null;
    }

    protected override SourcePublications Resolve(MonotonicTime now)
    {
        RoomMember? member = findRoom(description.Room)?.Find(description.Identity);
        Hold(ref _video, Find(member, description.Video, MediaKind.Video), now);
        Hold(ref _audio, Find(member, description.Audio, MediaKind.Audio), now);
        if (_video?.Publication != _shownVideo || _audio?.Publication != _shownAudio)
        {
            _shownVideo = _video?.Publication;
            _shownAudio = _audio?.Publication;
            _publications = SourcePublications.Of(_shownVideo, _shownAudio);
        }
        return _publications;
    }

    private static TrackPublication? Find(RoomMember? member, TrackSource source, MediaKind kind)
    {
        if (member is null)
            return null;
        foreach (TrackPublication track in member.Publications)
        {
            if (track.Info.Source == source && track.Kind == kind)
                return track;
        }
        return null;
    }

    private static void Hold(ref TrackPublication? held, TrackPublication? found, MonotonicTime now)
    {
        if (held == found)
            return;
        held?.Release(now);
        found?.Hold(now);
        held = found;
    }
}
