using Google.Protobuf;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// Signaling messages in protobuf and in JSON: each is taken or refused, never more; what is taken says the same again in
/// either form, and every part of it that is parsed further is taken or refused, too.
/// </summary>
public sealed class SignalRequestFuzzTarget : IFuzzTarget
{
    private const string CandidateInit =
        """{"candidate":"candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host","sdpMid":"0","sdpMLineIndex":0}""";

    private static readonly SignalRequest[] Requests =
    [
        new() { Offer = new SessionDescription { Type = "offer", Sdp = "v=0", Id = 1, MidToTrackId = { ["0"] = "TR_1" } } },
        new() { Trickle = new TrickleRequest { CandidateInit = CandidateInit, Target = SignalTarget.Subscriber } },
        new()
        {
            AddTrack = new AddTrackRequest
            {
                Cid = "c",
                Type = TrackType.Video,
                Source = TrackSource.Camera,
                Layers = { new VideoLayer { Quality = VideoQuality.High, Width = 1280, Height = 720, Rid = "f" } },
                SimulcastCodecs = { new SimulcastCodec { Codec = "vp8", Cid = "c" } },
            },
        },
        new() { Subscription = new UpdateSubscription
            { TrackSids = { "TR_1" }, ParticipantTracks = { new ParticipantTracks { TrackSids = { "TR_2" } } } } },
        new() { TrackSetting = new UpdateTrackSettings { TrackSids = { "TR_1" }, Width = 640, Quality = VideoQuality.Medium } },
        new() { SubscriptionPermission = new SubscriptionPermission
            { TrackPermissions = { new TrackPermission { ParticipantIdentity = "bob" } } } },
        new() { SyncState = new SyncState { PublishTracks = { new TrackPublishedResponse { Track = new TrackInfo { Sid = "TR_1" } } } } },
        new() { UpdateMetadata = new UpdateParticipantMetadata { Name = "n", Attributes = { ["k"] = "" }, RequestId = 3 } },
        new() { Simulate = new SimulateScenario { SpeakerUpdate = 3 } },
        new() { PingReq = new Ping { Timestamp = 1, Rtt = 2 } },
    ];

    public string Name => "signal-request";

    public IEnumerable<byte[]> Seeds => Requests.SelectMany(request => (byte[][])
        [request.ToByteArray(), System.Text.Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(request))]);

    public void Run(ReadOnlySpan<byte> input)
    {
        Check(input, isText: false);
        Check(input, isText: true);
    }

    private static void Check(ReadOnlySpan<byte> input, bool isText)
    {
        if (!SignalCodec.TryDecode(input, isText, out SignalRequest? request))
            return;
        Property.Holds(SignalCodec.TryDecode(request.ToByteArray(), false, out SignalRequest? again)
            && again.Equals(request), "protobuf says it again");
        Map(request);
    }

    private static void Map(SignalRequest request)
    {
        switch (request.MessageCase)
        {
            case SignalRequest.MessageOneofCase.AddTrack when SignalRequests.TryMap(request.AddTrack,
                out Sfu.Rooms.Tracks.TrackRequest? track):
                Property.Holds(track.Cid.Length > 0 && track.Width >= 0 && track.Height >= 0, "a track has a cid and dimensions");
                break;
            case SignalRequest.MessageOneofCase.Trickle:
                SignalRequests.TryMap(request.Trickle, out _);
                break;
            case SignalRequest.MessageOneofCase.Subscription:
                SignalRequests.Tracks(request.Subscription);
                break;
            case SignalRequest.MessageOneofCase.TrackSetting:
                Property.Holds(SignalRequests.Settings(request.TrackSetting) is
                { Width: >= 0, Height: >= 0, FramesPerSecond: >= 0 }, "settings are in range");
                break;
            case SignalRequest.MessageOneofCase.SubscriptionPermission:
                SignalRequests.Permissions(request.SubscriptionPermission);
                break;
            case SignalRequest.MessageOneofCase.SyncState:
                SignalRequests.State(request.SyncState);
                break;
        }
    }
}
