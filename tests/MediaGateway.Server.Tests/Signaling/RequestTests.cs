using System.Net.WebSockets;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using Reason = MediaGateway.Server.Signaling.Messages.RequestResponse.Types.Reason;
using SyncState = MediaGateway.Sfu.Rooms.Members.SyncState;
using TrackSource = MediaGateway.Sfu.Rooms.Tracks.TrackSource;
using VideoQuality = MediaGateway.Sfu.Rooms.Tracks.VideoQuality;

namespace MediaGateway.Server.Tests.Signaling;

/// <summary>Every request, in both encodings: what the room is asked, and what the client is told.</summary>
public sealed class RequestTests : IAsyncLifetime
{
    private const string Sdp = Descriptions.Audio;

    private TestGateway _gateway = null!;
    private SignalClient _client = null!;
    private FakeParticipant _alice = null!;

    /// <summary>A request in protobuf's JSON, and the call that it becomes.</summary>
    public static TheoryData<string, string> Calls => new()
    {
        { $$$"""{"offer":{"type":"offer","sdp":{{{Json(Sdp)}}},"id":3}}""", "offer 3 1" },
        { $$$"""{"answer":{"type":"answer","sdp":{{{Json(Sdp)}}}}}""", "answer 0 1" },
        {
            """{"trickle":{"candidateInit":"{\"candidate\":\"candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host\",\"sdpMid\":\"0\"}","target":"SUBSCRIBER"}}""",
            "candidate Subscriber 192.0.2.1:50000"
        },
        { """{"mute":{"sid":"TR_1","muted":true}}""", "mute TR_1 True" },
        { """{"mute":{"sid":"TR_1"}}""", "mute TR_1 False" },
        { """{"subscription":{"trackSids":["TR_1"],"subscribe":true}}""", "subscribe TR_1 True" },
        {
            """{"subscription":{"trackSids":["TR_1"],"participantTracks":[{"participantSid":"PA_2","trackSids":["TR_2","TR_3"]}]}}""",
            "subscribe TR_1 TR_2 TR_3 False"
        },
        {
            """{"trackSetting":{"trackSids":["TR_1"],"quality":"MEDIUM","width":320,"height":180,"fps":15}}""",
            $"settings TR_1 {new TrackSettings(false, VideoQuality.Medium, 320, 180, 15)}"
        },
        { """{"trackSetting":{"trackSids":["TR_1"],"quality":"HIGH","priority":2}}""",
        $"settings TR_1 {TrackSettings.Default with { Priority = 2 }}" },
        { """{"trackSetting":{"trackSids":["TR_1"],"disabled":true,"quality":9}}""",
        $"settings TR_1 {new TrackSettings(true, VideoQuality.High, 0, 0, 0)}" },
        { """{"subscriptionPermission":{"allParticipants":true}}""", "permissions True " },
        {
            """{"subscriptionPermission":{"trackPermissions":[{"participantSid":"PA_2","allTracks":true},{"participantIdentity":"bob","trackSids":["TR_1","TR_2"]}]}}""",
            "permissions False PA_2//True/ /bob/False/TR_1+TR_2"
        },
        { """{"updateMetadata":{"name":"Al","metadata":"m","attributes":{"k":"v","gone":""}}}""", "metadata Al m k=v gone=" },
        { """{"updateMetadata":{"attributes":{"k":"v"}}}""", "metadata null null k=v" },
        { """{"leave":{"reason":"CLIENT_INITIATED"}}""", "leave ClientInitiated Disconnect" },
        { """{"simulate":{"serverLeave":true}}""", "leave ServerShutdown Disconnect" },
        { """{"simulate":{"leaveRequestFullReconnect":true}}""", "leave StateMismatch Reconnect" },
        { """{"simulate":{"nodeFailure":true}}""", "leave ServerShutdown Reconnect" },
        { """{"simulate":{"subscriberBandwidth":"300000"}}""", "cap 300 kb/s" },
        { """{"simulate":{"subscriberBandwidth":"0"}}""", "cap none" },
        { """{"simulate":{"subscriberBandwidth":"-1"}}""", "cap none" },
        { """{"mute":{"sid":"TR_1"},"aFieldOfTomorrow":{"x":[1,{"y":2}]}}""", "mute TR_1 False" },
    };

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _client = await SignalClient.ConnectAsync(_gateway);
        await _client.ReceiveAsync(SignalResponse.MessageOneofCase.Join);
        _alice = _gateway.Rooms["alice"];
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Request_in_json_reaches_the_room(string request, string call)
    {
        await _client.SendTextAsync(request);

        Assert.Equal(call, await _alice.NextAsync());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Request_in_protobuf_reaches_the_room(string request, string call)
    {
        await _client.SendAsync(new Google.Protobuf.JsonParser(Google.Protobuf.JsonParser.Settings.Default.WithIgnoreUnknownFields(true))
            .Parse<SignalRequest>(request));

        Assert.Equal(call, await _alice.NextAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Add_track_says_all_there_is_to_a_track(bool asText)
    {
        AddTrackRequest message = new()
        {
            Cid = "cam",
            Name = "camera",
            Type = TrackType.Video,
            Width = 1280,
            Height = 720,
            Muted = true,
            DisableDtx = true,
            Source = Server.Signaling.Messages.TrackSource.Camera,
            Layers = { new Server.Signaling.Messages.VideoLayer
                { Quality = Server.Signaling.Messages.VideoQuality.High, Width = 1280, Height = 720, Bitrate = 2_000_000, Rid = "f" } },
            SimulcastCodecs =
                { new SimulcastCodec { Codec = "vp8", Cid = "cam" }, new SimulcastCodec { Codec = "video/av1" }, new SimulcastCodec() },
            Sid = "TR_9",
            Stereo = true,
            DisableRed = true,
            Encryption = Encryption.Types.Type.Gcm,
            Stream = "camera",
            BackupCodecPolicy = BackupCodecPolicy.Simulcast,
            AudioFeatures = { AudioTrackFeature.TfNoDtx },
        };

        await _client.SendAsync(new SignalRequest { AddTrack = message }, asText);

        TrackRequest request = Assert.IsType<TrackRequest>(await _alice.NextAsync());
        Assert.Equal(new Sfu.Rooms.Tracks.VideoLayer(VideoQuality.High, 1280, 720, 2_000_000, "f", 0), Assert.Single(request.Layers));
        Assert.Equal(["video/VP8", "video/AV1"], request.Codecs.Select(codec => codec.MimeType));
        Assert.Equal("cam", request.Codecs[0].Cid);
        Assert.Equal(1, Assert.Single(request.AudioFeatures));
        TrackRequest expected = new()
        {
            Cid = "cam",
            Name = "camera",
            Kind = MediaKind.Video,
            Width = 1280,
            Height = 720,
            Muted = true,
            DisableDtx = true,
            Source = TrackSource.Camera,
            Layers = request.Layers,
            Codecs = request.Codecs,
            Sid = new TrackSid("TR_9"),
            Stereo = true,
            DisableRed = true,
            Encryption = TrackEncryption.Gcm,
            Stream = "camera",
            BackupCodecPolicy = 1,
            AudioFeatures = request.AudioFeatures,
        };
        Assert.Equal(expected, request);
    }

    [Fact]
    public async Task Sync_state_says_what_the_client_believes()
    {
        await _client.SendTextAsync(
            """
            {"syncState":{"answer":{"type":"answer","sdp":"x"},"subscription":{"trackSids":["TR_1"],"participantTracks":[{"trackSids":["TR_2"]}]},
            "publishTracks":[{"cid":"c","track":{"sid":"TR_3"}},{"cid":"d"}],"dataChannels":[{"label":"_reliable","id":1}],
            "trackSidsDisabled":["TR_4"],"datachannelReceiveStates":[{"publisherSid":"PA_2","lastSeq":7},{"publisherSid":"PA_2","lastSeq":8}]}}
            """);

        SyncState state = Assert.IsType<SyncState>(await _alice.NextAsync());
        Assert.Equal(new TrackSid("TR_3"), Assert.Single(state.PublishedTracks));
        Assert.Equal("TR_1 TR_2", string.Join(' ', state.Subscriptions));
        Assert.Equal(new TrackSid("TR_4"), Assert.Single(state.DisabledTracks));
        Assert.Equal(KeyValuePair.Create(new ParticipantSid("PA_2"), 8u), Assert.Single(state.LastReceivedSequences));
    }

    [Fact]
    public async Task Pings_are_answered()
    {
        await _client.SendAsync(new SignalRequest { PingReq = new Ping { Timestamp = 123, Rtt = 4 } });
        Pong pong = (await _client.ReceiveAsync(SignalResponse.MessageOneofCase.PongResp)).PongResp;
        await _client.SendAsync(new SignalRequest { Ping = 5 });
        long legacy = (await _client.ReceiveAsync(SignalResponse.MessageOneofCase.Pong)).Pong;

        Assert.Equal(123, pong.LastPingTimestamp);
        Assert.InRange(pong.Timestamp, DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(),
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.InRange(legacy, pong.Timestamp, pong.Timestamp + 60_000);
    }

    [Fact]
    public async Task Answer_has_the_form_in_which_the_client_last_spoke()
    {
        foreach (WebSocketMessageType form in (WebSocketMessageType[])[WebSocketMessageType.Text, WebSocketMessageType.Binary,
            WebSocketMessageType.Text])
        {
            await _client.SendAsync(new SignalRequest { PingReq = new Ping() }, asText: form == WebSocketMessageType.Text);
            await _client.ReceiveAsync(SignalResponse.MessageOneofCase.PongResp);
            Assert.Equal(form, _client.LastForm);
        }
    }

    [Theory]
    [InlineData(RequestOutcome.NotAllowed, Reason.NotAllowed)]
    [InlineData(RequestOutcome.LimitExceeded, Reason.LimitExceeded)]
    [InlineData(RequestOutcome.Invalid, Reason.InvalidRequest)]
    [InlineData(RequestOutcome.NotFound, Reason.NotFound)]
    public async Task Refused_request_is_sent_back_with_its_reason(object outcome, object reason)
    {
        _alice.Outcome = (RequestOutcome)outcome;

        await _client.SendAsync(new SignalRequest { AddTrack = new AddTrackRequest { Cid = "mic" } });
        RequestResponse track = (await _client.ReceiveAsync(SignalResponse.MessageOneofCase.RequestResponse)).RequestResponse;
        await _client.SendAsync(new SignalRequest { Mute = new MuteTrackRequest { Sid = "TR_x" } });
        RequestResponse mute = (await _client.ReceiveAsync(SignalResponse.MessageOneofCase.RequestResponse)).RequestResponse;
        await _client.SendAsync(new SignalRequest { UpdateMetadata = new UpdateParticipantMetadata { RequestId = 6 } });
        RequestResponse metadata = (await _client.ReceiveAsync(SignalResponse.MessageOneofCase.RequestResponse)).RequestResponse;

        Assert.Equal("mic", track.AddTrack.Cid);
        Assert.Equal("TR_x", mute.Mute.Sid);
        Assert.Equal(6u, metadata.RequestId);
        Assert.All([track, mute, metadata], response =>
        {
            Assert.Equal((Reason)reason, response.Reason);
            Assert.NotEmpty(response.Message);
        });
    }

    [Fact]
    public async Task Done_is_told_where_the_client_asked_with_an_id()
    {
        await _client.SendAsync(new SignalRequest { UpdateMetadata = new UpdateParticipantMetadata { Metadata = "m", RequestId = 9 } });
        RequestResponse response = (await _client.ReceiveAsync(SignalResponse.MessageOneofCase.RequestResponse)).RequestResponse;
        Assert.Equal(Reason.Ok, response.Reason);
        Assert.Equal(9u, response.RequestId);

        await _client.SendAsync(new SignalRequest { UpdateMetadata = new UpdateParticipantMetadata { Metadata = "m" } });
        await AssertNothingIsToldAsync(_client);
    }

    [Fact]
    public async Task Done_is_not_told_to_a_client_before_protocol_15()
    {
        await using SignalClient old =
            await SignalClient.ConnectAsync(_gateway, "/rtc", "sdk=js&protocol=14", TestGateway.Token(identity: "bob"));
        await old.ReceiveAsync(SignalResponse.MessageOneofCase.Join);

        await old.SendAsync(new SignalRequest { UpdateMetadata = new UpdateParticipantMetadata { Metadata = "m", RequestId = 9 } });

        await AssertNothingIsToldAsync(old);
    }

    /// <summary>Requests that cannot be served, each with the reason that the client gets. The connection stays.</summary>
    public static TheoryData<string, object> Unserved => new()
    {
        { """{"offer":{"type":"offer","sdp":"v=1"}}""", Reason.InvalidRequest },
        { """{"offer":{"type":"offer"}}""", Reason.InvalidRequest },
        { $$$"""{"offer":{"type":"answer","sdp":{{{Json(Sdp)}}}}}""", Reason.InvalidRequest },
        { $$$"""{"answer":{"type":"pranswer","sdp":{{{Json(Sdp)}}}}}""", Reason.InvalidRequest },
        { """{"trickle":{"candidateInit":"nonsense"}}""", Reason.InvalidRequest },
        { """{"trickle":{"candidateInit":"[]"}}""", Reason.InvalidRequest },
        { """{"trickle":{"candidateInit":"{\"candidate\":5}"}}""", Reason.InvalidRequest },
        { """{"trickle":{}}""", Reason.InvalidRequest },
        { """{"addTrack":{"type":"AUDIO"}}""", Reason.InvalidRequest },
        { """{"addTrack":{"cid":"x","type":"DATA"}}""", Reason.InvalidRequest },
        { """{"addTrack":{"cid":"x","type":77}}""", Reason.InvalidRequest },
        { $$$"""{"addTrack":{"cid":"{{{new string('x', 257)}}}"}}""", Reason.InvalidRequest },
        { $$$"""{"addTrack":{"cid":"x","layers":[{{{string.Join(',', Enumerable.Repeat("{}", 9))}}}]}}""", Reason.InvalidRequest },
        { """{"updateAudioTrack":{"trackSid":"TR_1"}}""", Reason.UnsupportedType },
        { """{"updateVideoTrack":{"trackSid":"TR_1"}}""", Reason.UnsupportedType },
        { """{"publishDataTrackRequest":{"pubHandle":1}}""", Reason.UnsupportedType },
        { """{"unpublishDataTrackRequest":{"pubHandle":1}}""", Reason.UnsupportedType },
        { """{"updateDataSubscription":{}}""", Reason.UnsupportedType },
        { """{"storeDataBlobRequest":{}}""", Reason.UnsupportedType },
        { """{"getDataBlobRequest":{}}""", Reason.UnsupportedType },
        { """{"simulate":{}}""", Reason.UnsupportedType },
        { """{"simulate":{"switchCandidateProtocol":"TCP"}}""", Reason.UnsupportedType },
        { """{"aRequestOfTomorrow":{}}""", Reason.UnsupportedType },
        { "{}", Reason.UnsupportedType },
    };

    [Theory]
    [MemberData(nameof(Unserved))]
    public async Task Request_that_cannot_be_served_is_told_and_the_connection_stays(string request, object reason)
    {
        await _client.SendTextAsync(request);

        RequestResponse response = (await _client.ReceiveAsync(SignalResponse.MessageOneofCase.RequestResponse)).RequestResponse;
        Assert.Equal((Reason)reason, response.Reason);
        Assert.NotEmpty(response.Message);
        Assert.False(_alice.HasCalls);
        await AssertNothingIsToldAsync(_client);
    }

    [Fact]
    public async Task Gateway_that_looks_at_no_lines_cannot_simulate_one()
    {
        _alice.Outcome = RequestOutcome.NotAllowed;
        await _client.SendTextAsync("""{"simulate":{"subscriberBandwidth":"300000"}}""");

        Assert.Equal(Reason.UnsupportedType,
            (await _client.ReceiveAsync(SignalResponse.MessageOneofCase.RequestResponse)).RequestResponse.Reason);
    }

    [Theory]
    [InlineData("""{"trickle":{"final":true}}""")]
    [InlineData("""{"trickle":{"candidateInit":"{\"candidate\":\"\"}"}}""")]
    [InlineData("""{"trickle":{"candidateInit":"null"}}""")]
    [InlineData("""{"trickle":{"candidateInit":"{\"candidate\":\"candidate:of another kind\"}"}}""")]
    [InlineData("""{"updateLayers":{"trackSid":"TR_1"}}""")]
    public async Task Request_that_asks_for_nothing_is_ignored(string request)
    {
        await _client.SendTextAsync(request);

        await AssertNothingIsToldAsync(_client);
        Assert.False(_alice.HasCalls);
    }

    [Fact]
    public async Task Unsupported_data_track_is_named_in_the_refusal()
    {
        await _client.SendTextAsync("""{"publishDataTrackRequest":{"pubHandle":5}}""");
        Assert.Equal(5u, (await _client.ReceiveAsync()).RequestResponse.PublishDataTrack.PubHandle);
        await _client.SendTextAsync("""{"unpublishDataTrackRequest":{"pubHandle":6}}""");
        Assert.Equal(6u, (await _client.ReceiveAsync()).RequestResponse.UnpublishDataTrack.PubHandle);
        await _client.SendTextAsync("""{"updateAudioTrack":{"trackSid":"TR_1"}}""");
        Assert.Equal("TR_1", (await _client.ReceiveAsync()).RequestResponse.UpdateAudioTrack.TrackSid);
        await _client.SendTextAsync("""{"updateVideoTrack":{"trackSid":"TR_2"}}""");
        Assert.Equal("TR_2", (await _client.ReceiveAsync()).RequestResponse.UpdateVideoTrack.TrackSid);
    }

    /// <summary>The next thing that the client hears is the answer to a ping.</summary>
    private static async Task AssertNothingIsToldAsync(SignalClient client)
    {
        await client.SendAsync(new SignalRequest { PingReq = new Ping() });
        await client.ReceiveAsync(SignalResponse.MessageOneofCase.PongResp);
    }

    private static string Json(string text) =>
        System.Text.Json.JsonSerializer.Serialize(text, System.Text.Json.JsonSerializerOptions.Default);
}
