using System.Collections.Immutable;
using System.Reflection;
using Google.Protobuf;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using ConnectionQuality = MediaGateway.Sfu.Quality.ConnectionQuality;
using DisconnectReason = MediaGateway.Sfu.Rooms.Members.DisconnectReason;
using SessionDescription = MediaGateway.Rtc.Sdp.SessionDescription;
using SignalTarget = MediaGateway.Sfu.Rooms.Connections.SignalTarget;
using SpeakerInfo = MediaGateway.Sfu.Rooms.Notifications.SpeakerInfo;
using VideoQuality = MediaGateway.Sfu.Rooms.Tracks.VideoQuality;

namespace MediaGateway.Server.Tests.Signaling;

/// <summary>Every notification and the message it becomes.</summary>
public sealed class NotificationTests
{
    private static readonly TrackSid Track = new("TR_1");

    private static readonly ParticipantSid Bob = new("PA_2");

    private static readonly ImmutableDictionary<Mid, TrackSid> Mids = ImmutableDictionary<Mid, TrackSid>.Empty.Add(new Mid("4"), Track);

    private static readonly Dictionary<RoomNotification, string?> Messages = new()
    {
        [new RoomNotification.Answered(2, Description(), Mids)] =
            """{ "answer": { "type": "answer", "sdp": "SDP", "id": 2, "midToTrackId": { "4": "TR_1" } } }""",
        [new RoomNotification.Offered(3, Description(), Mids)] =
            """{ "offer": { "type": "offer", "sdp": "SDP", "id": 3, "midToTrackId": { "4": "TR_1" } } }""",
        [new RoomNotification.NegotiationFailed(SignalTarget.Publisher,
            new NegotiationError(NegotiationErrorCode.NoMedia, null, "Nothing flows."))] =
            """{ "requestResponse": { "reason": "INVALID_REQUEST", "message": "Nothing flows." } }""",
        [new RoomNotification.MediaSectionsRequired(1, 2)] = """{ "mediaSectionsRequirement": { "numAudios": 1, "numVideos": 2 } }""",
        [new RoomNotification.MediaSectionsRequired(0, 0)] = """{ "mediaSectionsRequirement": { } }""",
        [new RoomNotification.ParticipantsChanged([])] = """{ "update": { } }""",
        [new RoomNotification.RoomChanged(FakeRooms.RoomInfoOf(Stage()))] =
            """{ "roomUpdate": { "room": { "sid": "RM_1", "name": "stage", "emptyTimeout": 300, "maxParticipants": 7, "creationTime": "1700000000", "enabledCodecs": [ { "mime": "video/VP8" }, { "mime": "video/VP9" }, { "mime": "video/H264" }, { "mime": "video/AV1" }, { "mime": "audio/opus" }, { "mime": "audio/red" } ], "metadata": "about", "numParticipants": 2, "numPublishers": 1, "departureTimeout": 20, "creationTimeMs": "1700000000123" } } }""",
        [new RoomNotification.TrackPublished("mic", Microphone())] =
            """{ "trackPublished": { "cid": "mic", "track": { "sid": "TR_1", "name": "m", "source": "MICROPHONE", "mimeType": "audio/opus", "codecs": [ { "mimeType": "audio/opus" } ], "stereo": true, "version": { } } } }""",
        [new RoomNotification.TrackUnpublished(Track)] = """{ "trackUnpublished": { "trackSid": "TR_1" } }""",
        [new RoomNotification.TrackSubscribed(Track)] = """{ "trackSubscribed": { "trackSid": "TR_1" } }""",
        [new RoomNotification.MuteRequired(Track, true)] = """{ "mute": { "sid": "TR_1", "muted": true } }""",
        [new RoomNotification.SpeakersChanged([new SpeakerInfo(Bob, 0.5f, true)])] =
            """{ "speakersChanged": { "speakers": [ { "sid": "PA_2", "level": 0.5, "active": true } ] } }""",
        [new RoomNotification.ConnectionQualityChanged(
            [new Sfu.Rooms.Notifications.ConnectionQualityInfo(Bob, ConnectionQuality.Excellent, 4.5f)])] =
            """{ "connectionQuality": { "updates": [ { "participantSid": "PA_2", "quality": "EXCELLENT", "score": 4.5 } ] } }""",
        [new RoomNotification.ConnectionQualityChanged(
            [new Sfu.Rooms.Notifications.ConnectionQualityInfo(
                Bob, ConnectionQuality.Poor, 2, new Sfu.Rooms.Notifications.LineInfo(new Bitrate(800_000), new VideoShortage(2, 1)))])] =
            """{ "connectionQuality": { "updates": [ { "participantSid": "PA_2", "score": 2, "line": { "estimatedBitsPerSecond": "800000", "limitedVideos": 2, "pausedVideos": 1 } } ] } }""",
        [new RoomNotification.SubscribedQualityChanged(Track, "video/VP8",
            ImmutableDictionary<VideoQuality, bool>.Empty.Add(VideoQuality.High, false).Add(VideoQuality.Low, true))] =
            """{ "subscribedQualityUpdate": { "trackSid": "TR_1", "subscribedQualities": [ { "enabled": true }, { "quality": "HIGH" } ], "subscribedCodecs": [ { "codec": "vp8", "qualities": [ { "enabled": true }, { "quality": "HIGH" } ] } ] } }""",
        [new RoomNotification.StreamStatesChanged([
            new Sfu.Rooms.Notifications.StreamStateInfo(Bob, Track, LimitCause.Overload),
            new Sfu.Rooms.Notifications.StreamStateInfo(Bob, new TrackSid("TR_2"), LimitCause.None)])] =
            """{ "streamStateUpdate": { "streamStates": [ { "participantSid": "PA_2", "trackSid": "TR_1", "state": "PAUSED" }, { "participantSid": "PA_2", "trackSid": "TR_2" } ] } }""",
        [new RoomNotification.SubscriptionPermissionChanged(Bob, Track, true)] =
            """{ "subscriptionPermissionUpdate": { "participantSid": "PA_2", "trackSid": "TR_1", "allowed": true } }""",
        [new RoomNotification.SubscriptionFailed(Track, true)] =
            """{ "subscriptionResponse": { "trackSid": "TR_1", "err": "SE_CODEC_UNSUPPORTED" } }""",
        [new RoomNotification.SubscriptionFailed(Track, false)] =
            """{ "subscriptionResponse": { "trackSid": "TR_1", "err": "SE_TRACK_NOTFOUND" } }""",
        [new RoomNotification.Superseded()] = null,
        [new RoomNotification.PermissionsChanged(new ParticipantPermissions())] = null,
        [new RoomNotification.Left(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect)] =
            """{ "leave": { "reason": "PARTICIPANT_REMOVED" } }""",
        [new RoomNotification.Left(DisconnectReason.ServerShutdown, LeaveAction.Reconnect)] =
            """{ "leave": { "canReconnect": true, "reason": "SERVER_SHUTDOWN", "action": "RECONNECT" } }""",
        [new RoomNotification.Left(DisconnectReason.ClientInitiated, LeaveAction.Disconnect)] = null,
    };

    [Fact]
    public void Every_notification_becomes_its_message()
        => Assert.All(Messages, pair => Assert.Equal(pair.Value, SignalResponses.From(pair.Key) is { } response
            ? JsonFormatter.Default.Format(response).Replace(System.Text.Json.JsonEncodedText.Encode(Description().ToString(),
                System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(), "SDP", StringComparison.Ordinal)
            : null));

    [Fact]
    public void No_notification_is_forgotten()
        => Assert.Equal(
            typeof(RoomNotification).GetNestedTypes(BindingFlags.Public).Select(type => type.Name).Order(),
            Messages.Keys.Select(notification => notification.GetType().Name).Distinct().Order());

    [Theory]
    [InlineData(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect)]
    [InlineData(DisconnectReason.ConnectionTimeout, LeaveAction.Resume)]
    public async Task Leave_is_the_last_message(object reason, object action)
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        await using SignalClient client = await SignalClient.ConnectAsync(gateway);
        await client.ReceiveAsync(SignalResponse.MessageOneofCase.Join);

        gateway.Rooms["alice"].Notify(new RoomNotification.MuteRequired(Track, true));
        gateway.Rooms["alice"].Notify(new RoomNotification.Left((DisconnectReason)reason, (LeaveAction)action));
        gateway.Rooms["alice"].Notify(new RoomNotification.TrackUnpublished(Track));
        (System.Net.WebSockets.WebSocketCloseStatus? status, _, List<SignalResponse> before) = await client.ReceiveCloseAsync();

        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, status);
        before.RemoveAll(response => response.MessageCase == SignalResponse.MessageOneofCase.RefreshToken);
        Assert.Equal([SignalResponse.MessageOneofCase.Mute, SignalResponse.MessageOneofCase.Leave],
            before.Select(response => response.MessageCase));
        Assert.Equal((int)(LeaveAction)action, (int)before[1].Leave.Action);
    }

    private static RoomName Stage() => RoomName.TryParse("stage", out RoomName name) ? name : throw new InvalidOperationException();

    private static Sfu.Rooms.Tracks.TrackInfo Microphone() => new()
    {
        Sid = Track,
        Kind = MediaKind.Audio,
        Name = "m",
        Source = Sfu.Rooms.Tracks.TrackSource.Microphone,
        MimeType = "audio/opus",
        Stereo = true,
    };

    private static SessionDescription Description()
        => SessionDescription.TryParse(Descriptions.Audio, SdpLimits.Default, out SessionDescription? description, out _) ? description!
            : throw new InvalidOperationException();
}
