using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using Messages = MediaGateway.Server.Signaling.Messages;
using Quality = MediaGateway.Sfu.Rooms.Tracks.VideoQuality;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Mapping of the room's notifications to messages, the only place that does it.</summary>
internal static class SignalResponses
{
    /// <summary>The message that tells a client of a notification; null when it is told in another way.</summary>
    public static SignalResponse? From(RoomNotification notification) => notification switch
    {
        RoomNotification.Answered answered =>
            new SignalResponse { Answer = Description("answer", answered.Id, answered.Description, answered.Tracks) },
        RoomNotification.Offered offered =>
        new SignalResponse { Offer = Description("offer", offered.Id, offered.Description, offered.Tracks) },
        RoomNotification.NegotiationFailed failed =>
        RequestResponses.Of(RequestResponse.Types.Reason.InvalidRequest, failed.Error.ToString()),
        RoomNotification.MediaSectionsRequired required => new SignalResponse
        {
            MediaSectionsRequirement = new MediaSectionsRequirement { NumAudios = (uint)required.Audio, NumVideos = (uint)required.Video },
        },
        RoomNotification.ParticipantsChanged changed => new SignalResponse
        {
            Update = new ParticipantUpdate { Participants = { changed.Participants.Select(RoomModels.From) } },
        },
        RoomNotification.RoomChanged changed => new SignalResponse { RoomUpdate = new RoomUpdate { Room = RoomModels.From(changed.Room) } },
        RoomNotification.TrackPublished published => new SignalResponse
        {
            TrackPublished = new TrackPublishedResponse { Cid = published.Cid, Track = RoomModels.From(published.Track) },
        },
        RoomNotification.TrackUnpublished unpublished => new SignalResponse
        {
            TrackUnpublished = new TrackUnpublishedResponse { TrackSid = unpublished.Track.Value },
        },
        RoomNotification.TrackSubscribed subscribed => new SignalResponse
        {
            TrackSubscribed = new TrackSubscribed { TrackSid = subscribed.Track.Value },
        },
        RoomNotification.MuteRequired required => new SignalResponse
        {
            Mute = new MuteTrackRequest { Sid = required.Track.Value, Muted = required.Muted },
        },
        RoomNotification.SpeakersChanged changed => new SignalResponse
        {
            SpeakersChanged = new SpeakersChanged { Speakers = { changed.Speakers.Select(From) } },
        },
        RoomNotification.ConnectionQualityChanged changed => new SignalResponse
        {
            ConnectionQuality = new ConnectionQualityUpdate { Updates = { changed.Participants.Select(From) } },
        },
        RoomNotification.SubscribedQualityChanged changed => new SignalResponse { SubscribedQualityUpdate = From(changed) },
        RoomNotification.StreamStatesChanged changed => new SignalResponse
        {
            StreamStateUpdate = new StreamStateUpdate { StreamStates = { changed.Streams.Select(From) } },
        },
        RoomNotification.SubscriptionPermissionChanged changed => new SignalResponse
        {
            SubscriptionPermissionUpdate = new SubscriptionPermissionUpdate
            {
                ParticipantSid = changed.Publisher.Value,
                TrackSid = changed.Track.Value,
                Allowed = changed.Allowed,
            },
        },
        RoomNotification.SubscriptionFailed failed => new SignalResponse
        {
            SubscriptionResponse = new SubscriptionResponse
            {
                TrackSid = failed.Track.Value,
                Err = failed.CodecUnsupported ? SubscriptionError.SeCodecUnsupported : SubscriptionError.SeTrackNotfound,
            },
        },
        // Who asked to leave knows.
        RoomNotification.Left { Reason: Sfu.Rooms.Members.DisconnectReason.ClientInitiated } => null,
        RoomNotification.Left left => Leave(left.Reason, left.Action),
        RoomNotification.Superseded or RoomNotification.PermissionsChanged => null,
        _ => throw new ArgumentOutOfRangeException(nameof(notification), notification, "No message says this."),
    };

    public static SignalResponse Leave(Sfu.Rooms.Members.DisconnectReason reason, LeaveAction action) =>
        Leave(RoomModels.From(reason), action);

    public static SignalResponse Leave(Messages.DisconnectReason reason, LeaveAction action) => new()
    {
        Leave = new LeaveRequest
        { Reason = reason, Action = (LeaveRequest.Types.Action)action, CanReconnect = action != LeaveAction.Disconnect },
    };

    public static SignalResponse Speakers(params ReadOnlySpan<Sfu.Rooms.Notifications.SpeakerInfo> speakers)
    {
        SpeakersChanged changed = new();
        foreach (Sfu.Rooms.Notifications.SpeakerInfo speaker in speakers)
            changed.Speakers.Add(From(speaker));
        return new SignalResponse { SpeakersChanged = changed };
    }

    private static Messages.SessionDescription Description(
        string type, uint id, Rtc.Sdp.SessionDescription description, ImmutableDictionary<Mid, TrackSid> tracks)
    {
        Messages.SessionDescription message = new() { Type = type, Id = id, Sdp = description.ToString() };
        foreach ((Mid mid, TrackSid track) in tracks)
            message.MidToTrackId[mid.Value] = track.Value;
        return message;
    }

    private static Messages.SpeakerInfo From(Sfu.Rooms.Notifications.SpeakerInfo speaker)
        => new() { Sid = speaker.Participant.Value, Level = speaker.Level, Active = speaker.Active };

    private static Messages.ConnectionQualityInfo From(Sfu.Rooms.Notifications.ConnectionQualityInfo info) => new()
    {
        ParticipantSid = info.Participant.Value,
        Quality = (Messages.ConnectionQuality)info.Quality,
        Score = info.Score,
        Line = From(info.Line),
    };

    private static Messages.LineInfo? From(Sfu.Rooms.Notifications.LineInfo line) => line == default ? null : new Messages.LineInfo
    {
        EstimatedBitsPerSecond = line.Estimate?.BitsPerSecond ?? 0,
        LimitedVideos = line.Shortage.Limited,
        PausedVideos = line.Shortage.Paused,
    };

    private static Messages.StreamStateInfo From(Sfu.Rooms.Notifications.StreamStateInfo info) => new()
    {
        ParticipantSid = info.Publisher.Value,
        TrackSid = info.Track.Value,
        State = info.Paused ? StreamState.Paused : StreamState.Active,
    };

    private static SubscribedQualityUpdate From(RoomNotification.SubscribedQualityChanged changed)
    {
        string codec = changed.MimeType[(changed.MimeType.IndexOf('/', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        return new SubscribedQualityUpdate
        {
            TrackSid = changed.Track.Value,
            SubscribedQualities = { Qualities(changed.Enabled) },
            SubscribedCodecs = { new SubscribedCodec { Codec = codec, Qualities = { Qualities(changed.Enabled) } } },
        };
    }

    private static IEnumerable<SubscribedQuality> Qualities(ImmutableDictionary<Quality, bool> enabled) => enabled
        .OrderBy(pair => pair.Key)
        .Select(pair => new SubscribedQuality { Quality = (Messages.VideoQuality)pair.Key, Enabled = pair.Value });
}
