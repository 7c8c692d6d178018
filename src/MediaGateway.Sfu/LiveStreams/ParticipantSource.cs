using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A member of a room: the tracks that it publishes at the time. They are wanted at their best, so that a cut finds them sent.</summary>
/// <param name="description">What the director said.</param>
/// <param name="findRoom">Looks the room up; null when there is none.</param>
internal sealed class ParticipantSource(SourceDescription.Participant description, Func<string, Room?> findRoom) : StreamSource(description)
{
    private TrackPublication? _video;
    private TrackPublication? _audio;
    private Publication? _videoMedia;
    private Publication? _audioMedia;
    private SourceMedia _media = SourceMedia.None;

    public override void Release(MonotonicTime now)
    {
        _video?.Release(now);
        _audio?.Release(now);
        _video = _audio = null;
    }

    protected override SourceMedia Resolve(MonotonicTime now)
    {
        Participant? participant = findRoom(description.Room)?.Find(description.Identity);
        Hold(ref _video, Find(participant, description.Video, MediaKind.Video), now);
        Hold(ref _audio, Find(participant, description.Audio, MediaKind.Audio), now);
        if (_video?.Media != _videoMedia || _audio?.Media != _audioMedia)
        {
            _videoMedia = _video?.Media;
            _audioMedia = _audio?.Media;
            _media = SourceMedia.Of(_videoMedia, _audioMedia);
        }
        return _media;
    }

    private static TrackPublication? Find(Participant? participant, TrackSource source, MediaKind kind)
    {
        if (participant is null)
            return null;
        foreach (TrackPublication track in participant.Publications)
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
