using Google.Protobuf.WellKnownTypes;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.V1;
using LimitCause = MediaGateway.Sfu.Media.LimitCause;
using ParticipantKind = MediaGateway.Sfu.Rooms.Members.ParticipantKind;
using ParticipantPermissions = MediaGateway.Sfu.Rooms.Members.ParticipantPermissions;
using ParticipantState = MediaGateway.Sfu.Rooms.Members.ParticipantState;
using TrackLimits = MediaGateway.Sfu.Rooms.Tracks.TrackLimits;
using TrackSource = MediaGateway.Sfu.Rooms.Tracks.TrackSource;
using VideoQuality = MediaGateway.Sfu.Rooms.Tracks.VideoQuality;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Rooms, participants and tracks as the control API's messages. <see cref="StreamModels"/> has live streams.</summary>
internal static class ControlModels
{
    public static V1.Room Of(RoomInfo room) => new()
    {
        Sid = room.Sid.Value,
        Name = room.Name,
        Metadata = room.Options.Metadata,
        MaxParticipants = room.Options.MaxParticipants,
        EmptyTimeout = Duration.FromTimeSpan(room.Options.EmptyTimeout),
        DepartureTimeout = Duration.FromTimeSpan(room.Options.DepartureTimeout),
        CreateTime = TimeOf(room.CreatedAt),
        ParticipantCount = room.ParticipantCount,
        PublisherCount = room.PublisherCount,
    };

    /// <summary>Describes a room with numbers that are exact now; events about a room lag behind by a moment.</summary>
    public static V1.Room Of(NodeState.RoomState state)
    {
        V1.Room room = Of(state.Room);
        room.ParticipantCount = state.Participants.Count(participant => !participant.Permissions.Hidden);
        room.PublisherCount = state.Participants.Count(participant => participant.IsPublisher);
        return room;
    }

    public static V1.Participant Of(ParticipantInfo participant) => new()
    {
        Sid = participant.Sid.Value,
        Identity = participant.Identity,
        Name = participant.Name,
        Metadata = participant.Metadata,
        Attributes = { participant.Attributes },
        Kind = Of(participant.Kind),
        State = Of(participant.State),
        Permissions = Of(participant.Permissions),
        JoinTime = TimeOf(participant.JoinedAt),
        Tracks = { participant.Tracks.Select(Of) },
        DisconnectReason = Of(participant.DisconnectReason),
        Version = participant.Version,
        ForwardedFrom = participant.ForwardedFrom,
    };

    public static V1.ParticipantPermissions Of(ParticipantPermissions permissions) => new()
    {
        CanSubscribe = permissions.CanSubscribe,
        CanPublish = permissions.CanPublish,
        CanPublishData = permissions.CanPublishData,
        CanPublishSources = { permissions.CanPublishSources.Select(Of) },
        CanUpdateMetadata = permissions.CanUpdateMetadata,
        Hidden = permissions.Hidden,
        Recorder = permissions.Recorder,
    };

    public static Track Of(TrackInfo track) => new()
    {
        Sid = track.Sid.Value,
        Kind = track.Kind == Rtc.Primitives.MediaKind.Audio ? V1.MediaKind.Audio : V1.MediaKind.Video,
        Source = Of(track.Source),
        Name = track.Name,
        Muted = track.Muted,
        Width = track.Width,
        Height = track.Height,
        MimeType = track.MimeType,
        Simulcast = track.Simulcast,
        Encrypted = track.Encryption != TrackEncryption.None,
    };

    public static V1.Publication Of(PublicationStats stats) => new()
    {
        Track = Of(stats.Track),
        Identity = stats.Identity,
        Encodings = { stats.Encodings.Select(Of) },
        SpatialLayers = stats.SpatialLayerCount,
        SubscriberCount = stats.SubscriberCount,
        Limits = Of(stats.Limits),
    };

    public static V1.Subscription Of(SubscriptionStats stats) => new()
    {
        TrackSid = stats.Track.Value,
        PublisherIdentity = stats.Publisher,
        SubscriberIdentity = stats.Subscriber,
        Bound = stats.IsBound,
        RequestedQuality = Of(stats.RequestedQuality),
        SpatialLayer = stats.Layers?.Spatial ?? -1,
        TemporalLayer = stats.Layers?.Temporal ?? -1,
        PacketsSent = stats.PacketsSent,
        BytesSent = stats.BytesSent,
        PacketsLost = stats.PacketsLost,
        FractionLost = stats.FractionLost,
        Jitter = Duration.FromTimeSpan(stats.Jitter),
        RoundTripTime = stats.RoundTrip is { } roundTrip ? Duration.FromTimeSpan(roundTrip) : null,
        Retransmissions = stats.PacketsResent,
        Limits = Of(stats.Limits),
        LimitedBy = Of(stats.LimitedBy),
        Paused = stats.IsPaused,
        Width = stats.Size.Width,
        Height = stats.Size.Height,
    };

    public static V1.LimitCause Of(LimitCause cause) => cause switch
    {
        LimitCause.Wish => V1.LimitCause.Wish,
        LimitCause.Director => V1.LimitCause.Director,
        LimitCause.Overload => V1.LimitCause.Overload,
        LimitCause.Bandwidth => V1.LimitCause.Bandwidth,
        _ => V1.LimitCause.Unspecified,
    };

    public static V1.TrackSource Of(TrackSource source) => source switch
    {
        TrackSource.Camera => V1.TrackSource.Camera,
        TrackSource.Microphone => V1.TrackSource.Microphone,
        TrackSource.ScreenShare => V1.TrackSource.ScreenShare,
        TrackSource.ScreenShareAudio => V1.TrackSource.ScreenShareAudio,
        _ => V1.TrackSource.Unspecified,
    };

    public static V1.DisconnectReason Of(Sfu.Rooms.Members.DisconnectReason reason) => reason switch
    {
        Sfu.Rooms.Members.DisconnectReason.ClientInitiated => V1.DisconnectReason.ClientInitiated,
        Sfu.Rooms.Members.DisconnectReason.DuplicateIdentity => V1.DisconnectReason.DuplicateIdentity,
        Sfu.Rooms.Members.DisconnectReason.ServerShutdown => V1.DisconnectReason.ServerShutdown,
        Sfu.Rooms.Members.DisconnectReason.ParticipantRemoved => V1.DisconnectReason.ParticipantRemoved,
        Sfu.Rooms.Members.DisconnectReason.RoomDeleted => V1.DisconnectReason.RoomDeleted,
        Sfu.Rooms.Members.DisconnectReason.StateMismatch => V1.DisconnectReason.StateMismatch,
        Sfu.Rooms.Members.DisconnectReason.JoinFailure => V1.DisconnectReason.JoinFailure,
        Sfu.Rooms.Members.DisconnectReason.SignalClose => V1.DisconnectReason.SignalClose,
        Sfu.Rooms.Members.DisconnectReason.ConnectionTimeout => V1.DisconnectReason.ConnectionTimeout,
        Sfu.Rooms.Members.DisconnectReason.MediaFailure => V1.DisconnectReason.MediaFailure,
        Sfu.Rooms.Members.DisconnectReason.InternalError => V1.DisconnectReason.InternalError,
        Sfu.Rooms.Members.DisconnectReason.Moved => V1.DisconnectReason.Moved,
        _ => V1.DisconnectReason.Unspecified,
    };

    /// <exception cref="ContractException">A source that there is not.</exception>
    public static ParticipantPermissions Read(V1.ParticipantPermissions permissions) => new()
    {
        CanSubscribe = permissions.CanSubscribe,
        CanPublish = permissions.CanPublish,
        CanPublishData = permissions.CanPublishData,
        CanPublishSources = [.. permissions.CanPublishSources.Select(Read).Distinct()],
        CanUpdateMetadata = permissions.CanUpdateMetadata,
        Hidden = permissions.Hidden,
        Recorder = permissions.Recorder,
    };

    /// <exception cref="ContractException">A source that there is not.</exception>
    public static TrackSource Read(V1.TrackSource source) => source switch
    {
        V1.TrackSource.Camera => TrackSource.Camera,
        V1.TrackSource.Microphone => TrackSource.Microphone,
        V1.TrackSource.ScreenShare => TrackSource.ScreenShare,
        V1.TrackSource.ScreenShareAudio => TrackSource.ScreenShareAudio,
        _ => throw Refusal.Invalid("A track's source is CAMERA, MICROPHONE, SCREEN_SHARE or SCREEN_SHARE_AUDIO."),
    };

    public static WatchResponse Event(NodeChange change) => change switch
    {
        NodeChange.RoomUpserted upserted => new WatchResponse { RoomUpserted = Of(upserted.Room) },
        NodeChange.RoomRemoved removed =>
        new WatchResponse { RoomRemoved = new RoomRemoved { Name = removed.Name, Sid = removed.Sid.Value } },
        NodeChange.ParticipantUpserted upserted => new WatchResponse
        {
            ParticipantUpserted = new RoomParticipant { Room = upserted.Room, Participant = Of(upserted.Participant) },
        },
        NodeChange.ParticipantRemoved { Participant: var participant } removed => new WatchResponse
        {
            ParticipantRemoved = new ParticipantRemoved
            {
                Room = removed.Room,
                Identity = participant.Identity,
                Sid = participant.Sid.Value,
                Reason = Of(participant.DisconnectReason),
            },
        },
        NodeChange.StreamUpserted upserted => new WatchResponse { LiveStreamUpserted = StreamModels.Of(upserted.Stream) },
        NodeChange.StreamRemoved removed => new WatchResponse { LiveStreamRemoved = new LiveStreamRemoved { Name = removed.Name } },
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    /// <param name="milliseconds">Unix time; 0 for never.</param>
    public static Timestamp? TimeOf(long milliseconds) => milliseconds == 0 ? null
        : Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

    private static V1.EncodingStats Of(Sfu.Rooms.Tracks.EncodingStats stats) => new()
    {
        Rid = stats.Rid,
        PacketsReceived = stats.PacketsReceived,
        PacketsLost = stats.PacketsLost,
        BitsPerSecond = stats.Rate.BitsPerSecond,
        Jitter = Duration.FromTimeSpan(stats.Jitter),
        KeyFrames = stats.KeyFrames,
        KeyFrameRequests = stats.KeyFrameRequests,
        Retransmissions = stats.Retransmissions,
        Active = stats.IsActive,
    };

    /// <exception cref="ContractException">A limit that is none.</exception>
    public static TrackLimits Read(V1.TrackLimits? limits)
    {
        if (limits is null)
            return TrackLimits.None;
        if (limits.MaxBitsPerSecond < 0)
            throw Refusal.Invalid("max_bits_per_second", "max_bits_per_second is 0, for no cap, or more.");
        VideoQuality? highest = limits.MaxQuality switch
        {
            V1.VideoQuality.Unspecified => null,
            V1.VideoQuality.Off => VideoQuality.Off,
            V1.VideoQuality.Low => VideoQuality.Low,
            V1.VideoQuality.Medium => VideoQuality.Medium,
            V1.VideoQuality.High => VideoQuality.High,
            _ => throw Refusal.Invalid("max_quality", "max_quality is OFF, LOW, MEDIUM or HIGH."),
        };
        return new TrackLimits(highest, limits.MaxBitsPerSecond);
    }

    private static V1.TrackLimits? Of(TrackLimits limits) => limits == TrackLimits.None ? null : new V1.TrackLimits
    {
        MaxQuality = limits.MaxQuality is { } quality ? Of(quality) : V1.VideoQuality.Unspecified,
        MaxBitsPerSecond = limits.MaxBitrate,
    };

    private static V1.VideoQuality Of(VideoQuality quality) => quality switch
    {
        VideoQuality.Low => V1.VideoQuality.Low,
        VideoQuality.Medium => V1.VideoQuality.Medium,
        VideoQuality.High => V1.VideoQuality.High,
        _ => V1.VideoQuality.Off,
    };

    private static V1.ParticipantKind Of(ParticipantKind kind) => kind switch
    {
        ParticipantKind.Ingress => V1.ParticipantKind.Ingress,
        ParticipantKind.Egress => V1.ParticipantKind.Egress,
        ParticipantKind.Sip => V1.ParticipantKind.Sip,
        ParticipantKind.Agent => V1.ParticipantKind.Agent,
        _ => V1.ParticipantKind.Standard,
    };

    private static V1.ParticipantState Of(ParticipantState state) => state switch
    {
        ParticipantState.Active => V1.ParticipantState.Active,
        ParticipantState.Disconnected => V1.ParticipantState.Disconnected,
        _ => V1.ParticipantState.Joined,
    };
}
