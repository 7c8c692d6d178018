using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>
/// The tracks that one participant publishes. A track is announced by a request and carried by a media section; the two are matched
/// by the client's track id or, since Firefox gives another one in its SDP, by kind.
/// </summary>
internal sealed class PublishedTracks
{
    private const int MaxTracks = 64;

    private readonly Participant _participant;
    private readonly List<ParticipantTrack> _tracks = [];
    private ImmutableArray<SentSection> _unclaimed = [];
    private ParticipantPeer? _peer;

    public PublishedTracks(Participant participant) => _participant = participant;

    /// <summary>Tracks that are announced and negotiated.</summary>
    public IEnumerable<ParticipantTrack> Published => _tracks.Where(track => track.IsPublished);

    public ParticipantTrack? Find(TrackSid sid) => _tracks.Find(track => track.Sid == sid);

    /// <summary>Tells whether a section of this kind may be sent at all; which source it is for is not known yet.</summary>
    public bool MaySend(MediaKind kind)
    {
        ParticipantPermissions permissions = _participant.Permissions;
        return kind == MediaKind.Audio
            ? permissions.Allows(TrackSource.Microphone) || permissions.Allows(TrackSource.ScreenShareAudio)
                || permissions.Allows(TrackSource.Unknown)
            : permissions.Allows(TrackSource.Camera) || permissions.Allows(TrackSource.ScreenShare)
                || permissions.Allows(TrackSource.Unknown);
    }

    /// <summary>Video codec in which the section's track was announced; null when it was announced in none that is known.</summary>
    public CodecKind? WishedCodec(OfferedSection section)
    {
        if (section.Kind != MediaKind.Video)
            return null;
        string trackId = TrackIdOf(section.RemoteMsid);
        ParticipantTrack? track = _tracks.Find(track => track.Mid == section.Mid)
            ?? _tracks.Find(track => track.Mid is null && track.Cid == trackId)
            ?? _tracks.Find(track => track.Mid is null && track.Kind == section.Kind);
        return track?.Info.Codecs.FirstOrDefault() is { } codec && MimeTypes.TryParse(codec.MimeType, out CodecKind kind) ? kind : null;
    }

    public RequestOutcome Add(TrackRequest request, MonotonicTime now)
    {
        if (!_participant.Permissions.Allows(request.Source))
            return RequestOutcome.NotAllowed;
        // A further codec of a track that is there is not taken: what is published is forwarded as it is.
        if (request.Sid is not null || request.Cid.Length == 0)
            return RequestOutcome.Invalid;
        ParticipantTrack? known = _tracks.Find(track => track.Cid == request.Cid);
        if (known is not null)
            known.Describe(request);
        else if (_tracks.Count >= MaxTracks)
            return RequestOutcome.LimitExceeded;
        else
            known = Announce(request);
        _participant.Notify(new RoomNotification.TrackPublished(request.Cid, known.Info));
        if (known.IsPublished)
            _participant.OnTracksChanged(now);
        else
            Claim(now);
        return RequestOutcome.Done;
    }

    /// <summary>An offer was answered: tracks are bound to their new sections, and those that have lost theirs end.</summary>
    public void OnNegotiated(ParticipantPeer peer, NegotiatedSession session, SectionPlan plan, MonotonicTime now)
    {
        _peer = peer;
        HashSet<Mid> sent = [.. session.Media.Where(media => media.Receiving).Select(media => media.Mid)];
        foreach (ParticipantTrack ended in _tracks.Where(track => track.Mid is { } mid && !IsSent(track, peer, mid, plan))
            .ToImmutableArray())
            End(ended, now);
        bool isAnyRebound = false;
        foreach (ParticipantTrack track in _tracks)
        {
            if (track.Mid is { } mid && peer.Transport.Rtp.FindReceiver(mid) is { } receiver)
                isAnyRebound |= track.Bind(peer, receiver, now);
        }
        if (isAnyRebound)
            _participant.OnTracksChanged(now);
        _unclaimed =
        [
            .. plan.Sections
                .Where(section => sent.Contains(section.Mid) && !_tracks.Exists(track => track.Mid == section.Mid))
                .Select(section => new SentSection(section.Mid, section.Kind, TrackIdOf(section.RemoteMsid))),
        ];
        Claim(now);
    }

    /// <summary>
    /// Tells whether a track's section still carries it: a later offer may give the section another kind, or another track.
    /// </summary>
    private static bool IsSent(ParticipantTrack track, ParticipantPeer peer, Mid mid, SectionPlan plan) =>
        peer.Transport.Rtp.FindReceiver(mid)?.Kind == track.Kind
        && plan.Sections.Any(section => section.Mid == mid
            && (track.SectionTrackId.Length == 0 || TrackIdOf(section.RemoteMsid) == track.SectionTrackId));

    /// <summary>Ends a track for everyone.</summary>
    public void End(ParticipantTrack track, MonotonicTime now)
    {
        bool wasPublished = track.IsPublished;
        _tracks.Remove(track);
        track.End(now);
        if (wasPublished)
            _participant.OnTracksChanged(now);
    }

    public void EndAll(MonotonicTime now)
    {
        foreach (ParticipantTrack track in _tracks)
            track.End(now);
        _tracks.Clear();
    }

    /// <summary>Ends the tracks that the participant may no longer publish.</summary>
    public void OnPermissionsChanged(MonotonicTime now)
    {
        foreach (ParticipantTrack track in _tracks.Where(track => !_participant.Permissions.Allows(track.Info.Source)).ToImmutableArray())
        {
            End(track, now);
            _participant.Notify(new RoomNotification.TrackUnpublished(track.Sid));
        }
    }

    private ParticipantTrack Announce(TrackRequest request)
    {
        var track = new ParticipantTrack(_participant, request.Cid, new TrackInfo
        {
            Sid = _participant.Room.NextTrack(),
            Kind = request.Kind,
            Name = "",
            Source = request.Source,
            MimeType = "",
        });
        track.Describe(request);
        _tracks.Add(track);
        return track;
    }

    private void Claim(MonotonicTime now)
    {
        List<ParticipantTrack> published = [];
        ClaimWhere(static (track, section) => track.Cid == section.TrackId, published, now);
        ClaimWhere(static (_, _) => true, published, now);
        if (_participant.PublishesUnannounced)
        {
            foreach (SentSection section in _unclaimed)
            {
                if (_tracks.Count < MaxTracks && Unannounced(section) is { } request)
                    published.Add(BindTo(Announce(request), section, now));
            }
            _unclaimed = [];
        }
        OnPublished(published, now);
    }

    private void OnPublished(List<ParticipantTrack> tracks, MonotonicTime now)
    {
        if (tracks.Count == 0)
            return;
        _participant.OnTracksChanged(now);
        _participant.Room.OnPublished([.. tracks], now);
    }

    private void ClaimWhere(Func<ParticipantTrack, SentSection, bool> matches, List<ParticipantTrack> published, MonotonicTime now)
    {
        foreach (SentSection section in _unclaimed)
        {
            ParticipantTrack? track = _tracks.Find(track => track.Mid is null && track.Kind == section.Kind && matches(track, section));
            if (track is null)
                continue;
            _unclaimed = _unclaimed.Remove(section);
            published.Add(BindTo(track, section, now));
        }
    }

    private ParticipantTrack BindTo(ParticipantTrack track, SentSection section, MonotonicTime now)
    {
        track.SectionTrackId = section.TrackId;
        track.Bind(_peer!, _peer!.Transport.Rtp.FindReceiver(section.Mid)!, now);
        return track;
    }

    /// <summary>
    /// Request for a track that a plain page did not announce: a camera or a microphone is the best guess. Null when it may send
    /// neither.
    /// </summary>
    private TrackRequest? Unannounced(SentSection section)
    {
        TrackSource source = section.Kind == MediaKind.Audio ? TrackSource.Microphone : TrackSource.Camera;
        return _participant.Permissions.Allows(source)
            ? new TrackRequest
            { Cid = section.TrackId.Length > 0 ? section.TrackId : section.Mid.Value, Kind = section.Kind, Source = source }
            : null;
    }

    /// <summary>Track id in an <c>a=msid</c>, its second token (RFC 8830 section 2).</summary>
    private static string TrackIdOf(string? msid)
    {
        int space = msid?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        return space < 0 ? "" : msid![(space + 1)..];
    }

    /// <summary>A section that the participant sends on.</summary>
    private sealed record SentSection(Mid Mid, MediaKind Kind, string TrackId);
}
