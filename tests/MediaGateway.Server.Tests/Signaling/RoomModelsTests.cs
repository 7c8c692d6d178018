using System.Collections.Immutable;
using Google.Protobuf;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Surfaces.LiveKit;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Tests.Signaling;

public sealed class RoomModelsTests
{
    internal static readonly TrackInfo Camera = new()
    {
        Sid = new TrackSid("TR_VC1"),
        Kind = MediaKind.Video,
        Name = "cam",
        Source = Sfu.Rooms.Tracks.TrackSource.Camera,
        Muted = true,
        Width = 1280,
        Height = 720,
        Simulcast = true,
        Layers =
            [new VideoLayer(VideoQuality.Low, 320, 180, 150_000, "q", 0), new VideoLayer(VideoQuality.High, 1280, 720, 2_000_000, "f", 0)],
        MimeType = "video/VP8",
        Mid = "3",
        Stream = "camera",
        Encryption = TrackEncryption.Gcm,
        Version = 4,
    };

    private static readonly ParticipantInfo Alice = new()
    {
        Sid = new ParticipantSid("PA_1"),
        Identity = "alice",
        Name = "Alice",
        Metadata = "m",
        Attributes = ImmutableDictionary<string, string>.Empty.Add("k", "v"),
        Kind = ParticipantKind.Agent,
        State = ParticipantState.Disconnected,
        Permissions = new ParticipantPermissions
        {
            CanSubscribe = false,
            CanPublishSources = [Sfu.Rooms.Tracks.TrackSource.ScreenShare],
            CanUpdateMetadata = true,
            Recorder = true,
            Agent = true,
            Hidden = true,
        },
        JoinedAt = 1_700_000_000_456,
        Tracks = [Camera],
        IsPublisher = true,
        Version = 5,
        DisconnectReason = DisconnectReason.DuplicateIdentity,
        ClientProtocol = 2,
        Capabilities = [1],
    };

    [Fact]
    public void Participant_has_everything()
        => Assert.Equal(
            """{ "sid": "PA_1", "identity": "alice", "state": "DISCONNECTED", "tracks": [ """
            + TrackJson
            + """ ], "metadata": "m", "joinedAt": "1700000000", "name": "Alice", "version": 5, "permission": { "canPublish": true, "canPublishData": true, "hidden": true, "recorder": true, "canPublishSources": [ "SCREEN_SHARE" ], "canUpdateMetadata": true, "agent": true }, "isPublisher": true, "kind": "AGENT", "attributes": { "k": "v" }, "disconnectReason": "DUPLICATE_IDENTITY", "joinedAtMs": "1700000000456", "clientProtocol": 2, "capabilities": [ "CAP_PACKET_TRAILER" ] }""",
            JsonFormatter.Default.Format(RoomModels.From(Alice)));

    [Fact]
    public void Track_has_everything_and_always_a_codec() => Assert.Equal(TrackJson, JsonFormatter.Default.Format(RoomModels.From(Camera)));

    [Fact]
    public void Track_in_several_codecs_lists_them()
    {
        TrackInfo track = Camera with
        {
            Codecs =
            [
                new TrackCodec("video/AV1", "cam",
                    [new VideoLayer(VideoQuality.Low, 0, 0, 0, "", 0), new VideoLayer(VideoQuality.High, 0, 0, 0, "", 1)]),
                new TrackCodec("video/VP8", "cam2", []),
            ],
        };

        Server.Signaling.Messages.TrackInfo message = RoomModels.From(track);

        Assert.Equal(["video/AV1", "video/VP8"], message.Codecs.Select(codec => codec.MimeType));
        Assert.Equal(["", "3"], message.Codecs.Select(codec => codec.Mid));
        Assert.Equal(2, message.Codecs[1].Layers.Count);
        Assert.Equal(Server.Signaling.Messages.VideoLayer.Types.Mode.MultipleSpatialLayersPerStream, message.Codecs[0].VideoLayerMode);
        Assert.Equal(Server.Signaling.Messages.VideoLayer.Types.Mode.OneSpatialLayerPerStream, message.Codecs[1].VideoLayerMode);
    }

    /// <summary>Enums that are cast, not mapped: the same names at the same numbers.</summary>
    [Theory]
    [InlineData(typeof(ParticipantState), typeof(Server.Signaling.Messages.ParticipantInfo.Types.State))]
    [InlineData(typeof(ParticipantKind), typeof(Server.Signaling.Messages.ParticipantInfo.Types.Kind))]
    [InlineData(typeof(Sfu.Rooms.Tracks.TrackSource), typeof(Server.Signaling.Messages.TrackSource))]
    [InlineData(typeof(VideoQuality), typeof(Server.Signaling.Messages.VideoQuality))]
    [InlineData(typeof(TrackEncryption), typeof(Server.Signaling.Messages.Encryption.Types.Type))]
    [InlineData(typeof(LeaveAction), typeof(Server.Signaling.Messages.LeaveRequest.Types.Action))]
    [InlineData(typeof(Sfu.Quality.ConnectionQuality), typeof(Server.Signaling.Messages.ConnectionQuality))]
    public void Enum_has_the_numbers_of_the_protocol(Type domain, Type message)
        => Assert.All(Enum.GetNames(domain), name =>
            Assert.Equal(Convert.ToInt32(Enum.Parse(message, name), null), Convert.ToInt32(Enum.Parse(domain, name), null)));

    [Fact]
    public void Every_disconnect_reason_is_told()
        => Assert.All(
            Enum.GetValues<DisconnectReason>().Except([DisconnectReason.None, DisconnectReason.InternalError]),
            reason => Assert.Equal(reason == DisconnectReason.Moved ? "Migration" : reason.ToString(), RoomModels.From(reason).ToString()));

    private const string TrackJson =
        """{ "sid": "TR_VC1", "type": "VIDEO", "name": "cam", "muted": true, "width": 1280, "height": 720, "simulcast": true, "source": "CAMERA", "layers": [ { "width": 320, "height": 180, "bitrate": 150000, "rid": "q" }, { "quality": "HIGH", "width": 1280, "height": 720, "bitrate": 2000000, "rid": "f" } ], "mimeType": "video/VP8", "mid": "3", "codecs": [ { "mimeType": "video/VP8", "mid": "3", "layers": [ { "width": 320, "height": 180, "bitrate": 150000, "rid": "q" }, { "quality": "HIGH", "width": 1280, "height": 720, "bitrate": 2000000, "rid": "f" } ], "videoLayerMode": "ONE_SPATIAL_LAYER_PER_STREAM" } ], "encryption": "GCM", "stream": "camera", "version": { "ticks": 4 } }""";
}
