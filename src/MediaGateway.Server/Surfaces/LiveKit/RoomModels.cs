using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using Messages = MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.Server.Surfaces.LiveKit;

/// <summary>
/// Rooms, participants and tracks as messages. The one place that maps them. Enums that are cast have LiveKit's numbers;
/// a test holds them to it.
/// </summary>
internal static class RoomModels
{
    private const long MillisecondsPerSecond = 1000;

    /// <summary>Codecs that may be published, by the names that clients use.</summary>
    public static ImmutableArray<string> PublishableCodecs { get; } =
        ["video/VP8", "video/VP9", "video/H264", "video/AV1", "audio/opus", "audio/red"];

    public static Messages.Room From(RoomInfo room) => new()
    {
        Sid = room.Sid.Value,
        Name = room.Name,
        EmptyTimeout = (uint)room.Options.EmptyTimeout.TotalSeconds,
        DepartureTimeout = (uint)room.Options.DepartureTimeout.TotalSeconds,
        MaxParticipants = (uint)room.Options.MaxParticipants,
        CreationTime = room.CreatedAt / MillisecondsPerSecond,
        CreationTimeMs = room.CreatedAt,
        Metadata = room.Options.Metadata,
        NumParticipants = (uint)room.ParticipantCount,
        NumPublishers = (uint)room.PublisherCount,
        EnabledCodecs = { EnabledCodecs() },
    };

    public static IEnumerable<Messages.Codec> EnabledCodecs() => PublishableCodecs.Select(mime => new Messages.Codec { Mime = mime });

    public static Messages.ParticipantInfo From(ParticipantInfo participant) => new()
    {
        Sid = participant.Sid.Value,
        Identity = participant.Identity,
        Name = participant.Name,
        Metadata = participant.Metadata,
        Attributes = { participant.Attributes },
        Kind = (Messages.ParticipantInfo.Types.Kind)participant.Kind,
        State = (Messages.ParticipantInfo.Types.State)participant.State,
        Permission = From(participant.Permissions),
        JoinedAt = participant.JoinedAt / MillisecondsPerSecond,
        JoinedAtMs = participant.JoinedAt,
        Tracks = { participant.Tracks.Select(From) },
        IsPublisher = participant.IsPublisher,
        Version = (uint)participant.Version,
        DisconnectReason = From(participant.DisconnectReason),
        ClientProtocol = participant.ClientProtocol,
        Capabilities = { participant.Capabilities.Select(number => (Messages.ClientInfo.Types.Capability)number) },
    };

    public static Messages.ParticipantPermission From(ParticipantPermissions permissions) => new()
    {
        CanSubscribe = permissions.CanSubscribe,
        CanPublish = permissions.CanPublish,
        CanPublishData = permissions.CanPublishData,
        CanPublishSources = { permissions.CanPublishSources.Select(source => (Messages.TrackSource)source) },
        CanUpdateMetadata = permissions.CanUpdateMetadata,
        Hidden = permissions.Hidden,
        Recorder = permissions.Recorder,
        Agent = permissions.Agent,
    };

    /// <summary>The other way round; sources that there are not grant nothing.</summary>
    public static ParticipantPermissions Read(Messages.ParticipantPermission permission) => new()
    {
        CanSubscribe = permission.CanSubscribe,
        CanPublish = permission.CanPublish,
        CanPublishData = permission.CanPublishData,
        CanPublishSources = [.. permission.CanPublishSources.Where(Enum.IsDefined).Select(source => (TrackSource)source)],
        CanUpdateMetadata = permission.CanUpdateMetadata,
        Hidden = permission.Hidden,
        Recorder = permission.Recorder,
        Agent = permission.Agent,
    };

    public static Messages.TrackInfo From(TrackInfo track) => new()
    {
        Sid = track.Sid.Value,
        Type = track.Kind == MediaKind.Audio ? Messages.TrackType.Audio : Messages.TrackType.Video,
        Name = track.Name,
        Source = (Messages.TrackSource)track.Source,
        Muted = track.Muted,
        Width = (uint)track.Width,
        Height = (uint)track.Height,
        Simulcast = track.Simulcast,
        Layers = { track.Layers.Select(From) },
        MimeType = track.MimeType,
        Mid = track.Mid,
        Codecs = { CodecsOf(track) },
        Stereo = track.Stereo,
        DisableDtx = track.DisableDtx,
        DisableRed = track.DisableRed,
        Encryption = (Messages.Encryption.Types.Type)track.Encryption,
        Stream = track.Stream,
        AudioFeatures = { track.AudioFeatures.Select(number => (Messages.AudioTrackFeature)number) },
        BackupCodecPolicy = (Messages.BackupCodecPolicy)track.BackupCodecPolicy,
        Version = new Messages.TimedVersion { Ticks = track.Version },
    };

    public static Messages.DisconnectReason From(DisconnectReason reason) => reason switch
    {
        DisconnectReason.ClientInitiated => Messages.DisconnectReason.ClientInitiated,
        DisconnectReason.DuplicateIdentity => Messages.DisconnectReason.DuplicateIdentity,
        DisconnectReason.ServerShutdown => Messages.DisconnectReason.ServerShutdown,
        DisconnectReason.ParticipantRemoved => Messages.DisconnectReason.ParticipantRemoved,
        DisconnectReason.RoomDeleted => Messages.DisconnectReason.RoomDeleted,
        DisconnectReason.StateMismatch => Messages.DisconnectReason.StateMismatch,
        DisconnectReason.JoinFailure => Messages.DisconnectReason.JoinFailure,
        DisconnectReason.SignalClose => Messages.DisconnectReason.SignalClose,
        DisconnectReason.ConnectionTimeout => Messages.DisconnectReason.ConnectionTimeout,
        DisconnectReason.MediaFailure => Messages.DisconnectReason.MediaFailure,
        DisconnectReason.Moved => Messages.DisconnectReason.Migration,
        _ => Messages.DisconnectReason.UnknownReason,
    };

    /// <summary>Clients take a track's codec from the first entry, so there always is one.</summary>
    private static IEnumerable<Messages.SimulcastCodecInfo> CodecsOf(TrackInfo track)
    {
        if (track.Codecs.IsEmpty)
            return [CodecOf(track, track.MimeType, "", track.Layers)];
        return track.Codecs.Select(codec => CodecOf(track, codec.MimeType, codec.Cid, codec.Layers.IsEmpty ? track.Layers : codec.Layers));
    }

    private static Messages.SimulcastCodecInfo CodecOf(TrackInfo track, string mimeType, string cid,
        ImmutableArray<VideoLayer> layers) => new()
        {
            MimeType = mimeType,
            Cid = cid,
            Mid = mimeType == track.MimeType ? track.Mid : "",
            Layers = { layers.Select(From) },
            VideoLayerMode = ModeOf(layers),
        };

    private static Messages.VideoLayer.Types.Mode ModeOf(ImmutableArray<VideoLayer> layers)
    {
        if (layers.IsEmpty)
            return Messages.VideoLayer.Types.Mode.Unused;
        return layers.Any(layer => layer.SpatialLayer > 0 && layer.Rid.Length == 0)
            ? Messages.VideoLayer.Types.Mode.MultipleSpatialLayersPerStream
            : Messages.VideoLayer.Types.Mode.OneSpatialLayerPerStream;
    }

    private static Messages.VideoLayer From(VideoLayer layer) => new()
    {
        Quality = (Messages.VideoQuality)layer.Quality,
        Width = (uint)layer.Width,
        Height = (uint)layer.Height,
        Bitrate = (uint)layer.Bitrate,
        Rid = layer.Rid,
        SpatialLayer = layer.SpatialLayer,
    };
}
