using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Collections;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using Messages = MediaGateway.Server.Signaling.Messages;
using TrackSource = MediaGateway.Sfu.Rooms.Tracks.TrackSource;
using VideoLayer = MediaGateway.Sfu.Rooms.Tracks.VideoLayer;
using VideoQuality = MediaGateway.Sfu.Rooms.Tracks.VideoQuality;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Mapping of clients' requests to the room's terms, the only place that does it; numbers out of range are clamped.</summary>
internal static class SignalRequests
{
    /// <summary>Characters of a name or an id that a client makes up.</summary>
    private const int MaxNameLength = 256;

    private const int MaxLayers = 8;

    private const int MaxCodecs = 8;

    private const int MaxFeatures = 16;

    /// <summary>Pixels, and frames a second: beyond any screen.</summary>
    private const uint MaxDimension = 1 << 16;

    private const int MaxCandidateInitDepth = 4;

    /// <summary>
    /// Reads a request to add a track; false when it is neither audio nor video, has no cid, or is longer than any client needs.
    /// </summary>
    public static bool TryMap(AddTrackRequest message, [NotNullWhen(true)] out TrackRequest? request)
    {
        request = null;
        bool isSound = message.Type is TrackType.Audio or TrackType.Video
            && message.Cid.Length is > 0 and <= MaxNameLength
            && message.Name.Length <= MaxNameLength
            && message.Stream.Length <= MaxNameLength
            && message.Layers.Count <= MaxLayers
            && message.SimulcastCodecs.Count <= MaxCodecs
            && message.SimulcastCodecs.All(codec => codec.Layers.Count <= MaxLayers && codec.Codec.Length <= MaxNameLength
                && codec.Cid.Length <= MaxNameLength)
            && message.AudioFeatures.Count <= MaxFeatures;
        if (!isSound)
            return false;
        MediaKind kind = message.Type == TrackType.Audio ? MediaKind.Audio : MediaKind.Video;
        request = new TrackRequest
        {
            Cid = message.Cid,
            Kind = kind,
            Name = message.Name,
            Source = Enum.IsDefined((TrackSource)message.Source) ? (TrackSource)message.Source : TrackSource.Unknown,
            Muted = message.Muted,
            Width = Bounded(message.Width),
            Height = Bounded(message.Height),
            Layers = Layers(message.Layers),
            Codecs = [.. message.SimulcastCodecs.Where(codec => codec.Codec.Length > 0).Select(codec => Codec(codec, kind))],
            Sid = message.Sid.Length == 0 ? null : new TrackSid(message.Sid),
            Stereo = message.Stereo,
            DisableDtx = message.DisableDtx,
            DisableRed = message.DisableRed,
            Encryption = Enum.IsDefined((TrackEncryption)message.Encryption) ? (TrackEncryption)message.Encryption : TrackEncryption.Custom,
            Stream = message.Stream,
            AudioFeatures = [.. message.AudioFeatures.Select(feature => (int)feature)],
            BackupCodecPolicy = (int)message.BackupCodecPolicy,
        };
        return true;
    }

    /// <summary>The tracks meant; whose they are adds nothing, since a track's sid is enough.</summary>
    public static ImmutableArray<TrackSid> Tracks(UpdateSubscription message)
        => [.. Tracks(message.TrackSids), .. message.ParticipantTracks.SelectMany(participant => Tracks(participant.TrackSids))];

    public static ImmutableArray<TrackSid> Tracks(RepeatedField<string> sids) => [.. sids.Select(sid => new TrackSid(sid))];

    public static TrackSettings Settings(UpdateTrackSettings message) => new(
        message.Disabled,
        Quality(message.Quality),
        Bounded(message.Width),
        Bounded(message.Height),
        Bounded(message.Fps),
        Bounded(message.Priority));

    public static ImmutableArray<Sfu.Rooms.Tracks.TrackPermission> Permissions(SubscriptionPermission message) =>
    [
        .. message.TrackPermissions.Select(permission => new Sfu.Rooms.Tracks.TrackPermission(
            permission.ParticipantSid.Length == 0 ? null : new ParticipantSid(permission.ParticipantSid),
            permission.ParticipantIdentity,
            permission.AllTracks,
            Tracks(permission.TrackSids))),
    ];

    public static Sfu.Rooms.Members.SyncState State(Messages.SyncState message)
    {
        ImmutableDictionary<ParticipantSid, uint>.Builder received = ImmutableDictionary.CreateBuilder<ParticipantSid, uint>();
        foreach (DataChannelReceiveState state in message.DatachannelReceiveStates)
            received[new ParticipantSid(state.PublisherSid)] = state.LastSeq;
        return new Sfu.Rooms.Members.SyncState(
            [.. message.PublishTracks.Select(published => published.Track?.Sid).OfType<string>().Select(sid => new TrackSid(sid))],
            message.Subscription is { } subscription ? Tracks(subscription) : [],
            Tracks(message.TrackSidsDisabled),
            received.ToImmutable());
    }

    /// <summary>Reads an RTCIceCandidateInit; false when it is none.</summary>
    /// <param name="message">The request.</param>
    /// <param name="candidate">Null at the end of candidates, and for one that cannot be used: the client's checks come anyway.</param>
    public static bool TryMap(TrickleRequest message, out IceCandidate? candidate)
    {
        candidate = null;
        if (message.CandidateInit.Length == 0)
            return message.Final;
        try
        {
            using JsonDocument init = JsonDocument.Parse(Encoding.UTF8.GetBytes(message.CandidateInit), new JsonDocumentOptions
            { MaxDepth = MaxCandidateInitDepth });
            // As JSON.stringify writes the event of the last candidate: the end of them, as an empty one is.
            if (init.RootElement.ValueKind == JsonValueKind.Null)
                return true;
            if (init.RootElement.ValueKind != JsonValueKind.Object
                || !init.RootElement.TryGetProperty("candidate", out JsonElement text)
                || !JsonText.TryGet(text, out string value))
            {
                return false;
            }
            candidate = IceCandidate.TryParse(value, out IceCandidate? usable) ? usable : null;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static Sfu.Rooms.Connections.SignalTarget Target(Messages.SignalTarget target)
        => target == Messages.SignalTarget.Subscriber ? Sfu.Rooms.Connections.SignalTarget.Subscriber
            : Sfu.Rooms.Connections.SignalTarget.Publisher;

    private static TrackCodec Codec(SimulcastCodec codec, MediaKind kind) =>
        new(MimeTypeOf(codec.Codec, kind), codec.Cid, Layers(codec.Layers));

    /// <summary>Clients name a codec "vp8" here and "video/VP8" there.</summary>
    private static string MimeTypeOf(string codec, MediaKind kind)
    {
        string mimeType = codec.Contains('/', StringComparison.Ordinal) ? codec : (kind == MediaKind.Audio ? "audio/" : "video/") + codec;
        return RoomModels.PublishableCodecs.FirstOrDefault(known => known.Equals(mimeType, StringComparison.OrdinalIgnoreCase)) ?? mimeType;
    }

    private static ImmutableArray<VideoLayer> Layers(RepeatedField<Messages.VideoLayer> layers) =>
    [
        .. layers.Select(layer => new VideoLayer(
            Quality(layer.Quality),
            Bounded(layer.Width),
            Bounded(layer.Height),
            (int)Math.Min(layer.Bitrate, int.MaxValue),
            layer.Rid.Length <= MaxNameLength ? layer.Rid : "",
            Math.Clamp(layer.SpatialLayer, 0, MaxLayers))),
    ];

    private static VideoQuality Quality(Messages.VideoQuality quality)
        => Enum.IsDefined((VideoQuality)quality) ? (VideoQuality)quality : VideoQuality.High;

    private static int Bounded(uint dimension) => (int)Math.Min(dimension, MaxDimension);
}
