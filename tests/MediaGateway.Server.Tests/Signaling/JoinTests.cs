using System.IO.Compression;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Google.Protobuf;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using TrackSource = MediaGateway.Sfu.Rooms.Tracks.TrackSource;

namespace MediaGateway.Server.Tests.Signaling;

public sealed class JoinTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        ("IceServers:0:Urls:0", "turn:turn.example.org"), ("IceServers:0:Username", "u"), ("IceServers:0:Credential", "c"));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("/rtc", "sdk=js&protocol=17", false, true)]
    [InlineData("/rtc", "sdk=js&protocol=2", false, false)]
    [InlineData("/rtc/v1", "sdk=js&protocol=17", true, false)]
    [InlineData("//rtc/v1", "sdk=js&protocol=17", true, false)]
    [InlineData("//rtc", "sdk=js&protocol=17", false, true)]
    public async Task First_message_is_join(string path, string query, bool singleConnection, bool subscriberPrimary)
    {
        await using SignalClient client = await SignalClient.ConnectAsync(_gateway, path, query);

        JoinResponse join = (await client.ReceiveAsync(skipRefresh: false)).Join;

        Assert.Equal(WebSocketMessageType.Binary, client.LastForm);
        Assert.Equal("stage", join.Room.Name);
        Assert.Equal("RM_1", join.Room.Sid);
        Assert.Equal(300u, join.Room.EmptyTimeout);
        Assert.Equal(7u, join.Room.MaxParticipants);
        Assert.Equal(1_700_000_000, join.Room.CreationTime);
        Assert.Equal(1_700_000_000_123, join.Room.CreationTimeMs);
        Assert.Equal("alice", join.Participant.Identity);
        Assert.Equal(subscriberPrimary, join.SubscriberPrimary);
        Assert.NotEmpty(join.ServerVersion);
        Assert.Equal(join.ServerVersion, join.ServerInfo.Version);
        Assert.Equal(17, join.ServerInfo.Protocol);
        Assert.Equal(5, join.PingInterval);
        Assert.Equal(15, join.PingTimeout);
        Assert.True(join.FastPublish);
        Assert.Contains(join.EnabledPublishCodecs, codec => codec.Mime == "video/VP8");
        Assert.Equal("turn:turn.example.org", Assert.Single(Assert.Single(join.IceServers).Urls));
        Assert.Equal(singleConnection, _gateway.Rooms["alice"].Options.SinglePeerConnection);
        Assert.False(_gateway.Rooms["alice"].Options.PublishesUnannounced);
    }

    [Fact]
    public async Task Token_in_the_header_wins_over_the_one_in_the_url()
    {
        await using SignalClient client = await SignalClient.ConnectAsync(
            _gateway, query: "sdk=rust&access_token=nonsense", token: TestGateway.Token(identity: "bob"), tokenInHeader: true);

        Assert.Equal("bob", (await client.ReceiveAsync()).Join.Participant.Identity);
    }

    [Fact]
    public async Task Token_says_who_joins_and_what_they_may()
    {
        string token = TestGateway.Token(new TokenRequest("bob", "stage", false, true, TimeSpan.FromMinutes(1))
        {
            Name = "Bob",
            Metadata = "m",
            CanPublishData = true,
            Hidden = true,
        });
        await using SignalClient client = await SignalClient.ConnectAsync(_gateway, token: token);

        JoinResponse join = (await client.ReceiveAsync()).Join;

        Assert.Equal("Bob", join.Participant.Name);
        Assert.Equal("m", join.Participant.Metadata);
        Assert.False(join.Participant.Permission.CanPublish);
        Assert.True(join.Participant.Permission.CanPublishData);
        Assert.True(join.Participant.Permission.CanSubscribe);
        Assert.True(join.Participant.Permission.Hidden);
        Assert.False(join.FastPublish);
    }

    [Fact]
    public async Task Early_client_is_described_by_single_parameters()
    {
        string attributes = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"hand":"up"}""")).Replace('+', '-').Replace('/', '_');
        string token =
            TestGateway.Token(new TokenRequest("bob", "stage", true, true, TimeSpan.FromMinutes(1)) { CanUpdateOwnMetadata = true });
        await using SignalClient client = await SignalClient.ConnectAsync(
            _gateway,
            "/rtc",
            $"sdk=js&protocol=16&client_protocol=2&auto_subscribe=0&capabilities=CAP_COMPRESSION_DEFLATE_RAW,CAP_OF_TOMORROW&attributes={attributes}",
            token);
        await client.ReceiveAsync();

        ParticipantOptions options = _gateway.Rooms["bob"].Options;
        Assert.False(options.AutoSubscribe);
        Assert.Equal(2, options.ClientProtocol);
        Assert.Equal(2, Assert.Single(options.Capabilities));
        Assert.Equal("up", options.Attributes["hand"]);
    }

    [Theory]
    [InlineData(WrappedJoinRequest.Types.Compression.None, true)]
    [InlineData(WrappedJoinRequest.Types.Compression.Gzip, true)]
    [InlineData(WrappedJoinRequest.Types.Compression.Gzip, false)]
    public async Task Join_request_describes_the_client_and_brings_its_first_requests(object compression, bool padded)
    {
        JoinRequest request = new()
        {
            ClientInfo = new ClientInfo
            {
                Sdk = ClientInfo.Types.SDK.Js,
                Protocol = 17,
                ClientProtocol = 2,
                Capabilities =
                { ClientInfo.Types.Capability.CapPacketTrailer }
            },
            ConnectionSettings = new ConnectionSettings { AutoSubscribe = false },
            Metadata = "ignored without the grant",
            AddTrackRequests = { new AddTrackRequest { Cid = "mic", Type = TrackType.Audio } },
            PublisherOffer = new SessionDescription { Type = "offer", Id = 1, Sdp = Descriptions.Audio },
        };
        await using SignalClient client = await SignalClient.ConnectAsync(
            _gateway, query: "join_request=" + Wrap(request, (WrappedJoinRequest.Types.Compression)compression, padded));
        await client.ReceiveAsync(SignalResponse.MessageOneofCase.Join);

        FakeParticipant alice = _gateway.Rooms["alice"];
        Assert.Equal("mic", Assert.IsType<TrackRequest>(await alice.NextAsync()).Cid);
        Assert.Equal("offer 1 1", await alice.NextAsync());
        Assert.False(alice.Options.AutoSubscribe);
        Assert.Equal(1, Assert.Single(alice.Options.Capabilities));
        Assert.Equal("", alice.Options.Metadata);
        Assert.Equal(WebSocketMessageType.Binary, client.LastForm);
    }

    [Fact]
    public async Task Metadata_and_attributes_of_a_join_request_need_their_grant()
    {
        JoinRequest request = new() { Metadata = "mine", ParticipantAttributes = { ["k"] = "v" } };
        string token = TestGateway.Token(new TokenRequest("bob", "stage", true, true, TimeSpan.FromMinutes(1))
        { CanUpdateOwnMetadata = true, Metadata = "theirs" });
        await using SignalClient client = await SignalClient.ConnectAsync(
            _gateway, query: "join_request=" + Wrap(request, WrappedJoinRequest.Types.Compression.None, padded: true), token: token);

        JoinResponse join = (await client.ReceiveAsync()).Join;

        Assert.Equal("mine", join.Participant.Metadata);
        Assert.Equal("v", join.Participant.Attributes["k"]);
    }

    [Fact]
    public async Task Page_without_an_sdk_gets_json_and_publishes_unannounced()
    {
        await using SignalClient client = await SignalClient.ConnectAsync(_gateway, query: "");

        SignalResponse join = await client.ReceiveAsync();

        Assert.Equal("alice", join.Join.Participant.Identity);
        Assert.Equal(WebSocketMessageType.Text, client.LastForm);
        Assert.True(_gateway.Rooms["alice"].Options.PublishesUnannounced);
        Assert.True(_gateway.Rooms["alice"].Options.SinglePeerConnection);
    }

    [Fact]
    public async Task Others_are_listed()
    {
        FakeParticipant bob = new(new ParticipantSid("PA_bob"), default, new ParticipantOptions { Identity = "bob" }, null!);
        _gateway.Rooms.Others = [bob.Info with { Tracks = [RoomModelsTests.Camera] }];
        await using SignalClient client = await SignalClient.ConnectAsync(_gateway);

        JoinResponse join = (await client.ReceiveAsync()).Join;

        Messages(Assert.Single(join.OtherParticipants));
        static void Messages(Server.Signaling.Messages.ParticipantInfo other)
        {
            Assert.Equal("PA_bob", other.Sid);
            Assert.Equal("TR_VC1", Assert.Single(other.Tracks).Sid);
        }
    }

    [Theory]
    [InlineData("""["camera"]""", true, new[] { TrackSource.Camera })]
    [InlineData("""["camera","microphone","screen_share","screen_share_audio"]""", true, new TrackSource[0])]
    [InlineData("""["hologram"]""", false, new TrackSource[0])]
    public void Sources_that_are_granted_may_be_published(string sources, bool canPublish, TrackSource[] expected)
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes($$$"""{"video":{"roomJoin":true,"canPublishSources":{{{sources}}}}}""");
        Assert.True(TokenPayload.TryRead(json, out TokenPayload? payload, out _));
        VideoGrant grant = payload.ToGrant();

        ParticipantPermissions permissions = Surfaces.LiveKit.Signaling.ParticipantOptionsOf.Permissions(grant);

        Assert.Equal(canPublish, permissions.CanPublish);
        Assert.Equal(expected, permissions.CanPublishSources.AsEnumerable());
    }

    [Theory]
    [InlineData("true", "false", true)]
    [InlineData("false", "true", true)]
    [InlineData("false", "false", false)]
    public async Task Room_is_opened_by_joining_or_with_the_grant_only(string autoCreate, string roomCreate, bool mayCreate)
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Rooms:AutoCreate", autoCreate));
        string token = TestGateway.Token(new TokenRequest("alice", "stage", true, true, TimeSpan.FromMinutes(1))
        { RoomCreate = bool.Parse(roomCreate) });
        await using SignalClient client = await SignalClient.ConnectAsync(gateway, token: token);
        await client.ReceiveAsync();

        Assert.Equal(mayCreate, gateway.Rooms.MayCreate);
    }

    [Theory]
    [InlineData("/rtc")]
    [InlineData("/rtc/v1")]
    [InlineData("//rtc/v1")]
    public async Task Validate_of_a_good_request_is_success_for_any_site(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get,
            new Uri(_gateway.Client.BaseAddress!.AbsoluteUri.TrimEnd('/') + $"{path}/validate?access_token={TestGateway.Token()}"));
        request.Headers.Add("Origin", "https://elsewhere.example");
        using HttpResponseMessage response = await _gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("success", await response.Content.ReadAsStringAsync());
        Assert.Equal("*", response.Header("Access-Control-Allow-Origin"));
        Assert.DoesNotContain(TestGateway.Token(), response.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.RoomNotFound, HttpStatusCode.NotFound)]
    [InlineData(ErrorCode.AtCapacity, HttpStatusCode.ServiceUnavailable)]
    [InlineData(ErrorCode.Draining, HttpStatusCode.ServiceUnavailable)]
    public async Task Refusal_of_the_room_has_a_status_and_a_sentence(object code, HttpStatusCode status)
    {
        _gateway.Rooms.Failure = new ContractException((ErrorCode)code, "requested room does not exist");
        using HttpResponseMessage validated =
            await _gateway.Client.GetAsync(new Uri($"/rtc/validate?access_token={TestGateway.Token()}", UriKind.Relative));
        Assert.Equal(status, validated.StatusCode);
        Assert.Equal("text/plain", validated.Content.Headers.ContentType?.MediaType);
        Assert.Equal("requested room does not exist", await validated.Content.ReadAsStringAsync());

        _gateway.Rooms.Failure = new ContractException((ErrorCode)code, "requested room does not exist");
        await AssertRefusedAsync("/rtc", "sdk=js", TestGateway.Token(), status);
    }

    public static TheoryData<string, string?, int> BadRequests => new()
    {
        { "", null, 401 },
        { "", "nonsense", 401 },
        { "", TestGateway.Token(validForSeconds: -60), 401 },
        { "", JwtOf("""{"roomJoin":false,"room":"stage"}"""), 401 },
        { "", JwtOf("""{"roomAdmin":true,"room":"stage"}"""), 401 },
        { "", JwtOf("""{"roomJoin":true}"""), 400 },
        { "", JwtOf("""{"roomJoin":true,"room":"a\nb"}"""), 400 },
        { "", JwtOf("""{"roomJoin":true,"room":"stage"}""", identity: ""), 400 },
        { "join_request=***", TestGateway.Token(), 400 },
        { "join_request=" + Base64([0xff, 0xff]), TestGateway.Token(), 400 },
        { "join_request=" + Base64(new WrappedJoinRequest { Compression = (WrappedJoinRequest.Types.Compression)7 }.ToByteArray()),
        TestGateway.Token(), 400 },
        { "join_request=" + Base64(new WrappedJoinRequest { Compression = WrappedJoinRequest.Types.Compression.Gzip,
        JoinRequest = ByteString.CopyFromUtf8("this is no gzip, and long enough to say so") }.ToByteArray()), TestGateway.Token(), 400 },
        { "join_request=" + Wrap(new JoinRequest { Metadata = new string('a', 70_000) }, WrappedJoinRequest.Types.Compression.Gzip, true),
        TestGateway.Token(), 400 },
        { "attributes=***", TestGateway.Token(), 400 },
        { "attributes=" + Base64("[]"u8.ToArray()), TestGateway.Token(), 400 },
        { "attributes=" + Base64("""{"a":{"b":"c"}}"""u8.ToArray()), TestGateway.Token(), 400 },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Bad_request_is_refused_before_the_upgrade(string query, string? token, int status)
    {
        await AssertRefusedAsync("/rtc/v1", query, token, (HttpStatusCode)status);
        using HttpResponseMessage validated = await _gateway.Client.GetAsync(
            new Uri($"/rtc/v1/validate?{query}" + (token is null ? "" : $"&access_token={token}"), UriKind.Relative));
        Assert.Equal((HttpStatusCode)status, validated.StatusCode);
        Assert.NotEmpty(await validated.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Join_request_that_unpacks_beyond_the_limit_is_refused()
    {
        string bomb = Wrap(new JoinRequest { PublisherOffer = new SessionDescription { Sdp = new string('a', 2_000_000) } },
            WrappedJoinRequest.Types.Compression.Gzip, true);
        Assert.InRange(bomb.Length, 1, 10_000);

        await AssertRefusedAsync("/rtc/v1", "join_request=" + bomb, TestGateway.Token(), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/rtc")]
    [InlineData("/rtc/v1")]
    public async Task Request_that_is_no_websocket_is_404(string path)
    {
        using HttpResponseMessage response =
            await _gateway.Client.GetAsync(new Uri($"{path}?access_token={TestGateway.Token()}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.DoesNotContain("requested room does not exist", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Url_of_60_kilobytes_is_read()
    {
        byte[] noise = new byte[40_000];
        new Random(1).NextBytes(noise);
        JoinRequest request = new() { PublisherOffer = new SessionDescription { Type = "offer", Sdp = Convert.ToBase64String(noise) } };
        string query = "join_request=" + Wrap(request, WrappedJoinRequest.Types.Compression.Gzip, padded: true);
        Assert.InRange(query.Length, 40_000, 62_000);

        await using SignalClient client = await SignalClient.ConnectAsync(_gateway, query: query);

        await client.ReceiveAsync(SignalResponse.MessageOneofCase.Join);
        SignalResponse refused = await client.ReceiveAsync(SignalResponse.MessageOneofCase.RequestResponse);
        Assert.Equal(RequestResponse.Types.Reason.InvalidRequest, refused.RequestResponse.Reason);
    }

    [Fact]
    public async Task Joins_from_one_source_are_limited()
    {
        await using TestGateway gateway =
            await TestGateway.StartAsync(("Limits:HttpBurstPerSource", "2"), ("Limits:HttpRequestsPerSecondPerSource", "1"));
        HttpStatusCode last = HttpStatusCode.OK;
        for (int i = 0; i < 4 && last == HttpStatusCode.OK; i++)
        {
            using HttpResponseMessage response =
                await gateway.Client.GetAsync(new Uri($"/rtc/validate?access_token={TestGateway.Token()}", UriKind.Relative));
            last = response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    internal static string Wrap(JoinRequest request, WrappedJoinRequest.Types.Compression compression, bool padded)
    {
        byte[] bytes = request.ToByteArray();
        if (compression == WrappedJoinRequest.Types.Compression.Gzip)
        {
            using MemoryStream packed = new();
            using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
                gzip.Write(bytes);
            bytes = packed.ToArray();
        }
        string text = Base64(new WrappedJoinRequest { Compression = compression, JoinRequest = ByteString.CopyFrom(bytes) }.ToByteArray());
        return padded ? text : text.TrimEnd('=');
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');

    private static string JwtOf(string video, string identity = "alice")
    {
        System.Text.Json.Nodes.JsonObject payload = new()
        {
            ["iss"] = TestGateway.Key,
            ["sub"] = identity,
            ["exp"] = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds(),
            ["video"] = System.Text.Json.Nodes.JsonNode.Parse(video),
        };
        return new Microsoft.IdentityModel.JsonWebTokens.JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            payload.ToJsonString(),
            new Microsoft.IdentityModel.Tokens.SigningCredentials(ApiKeys.SigningKey(TestGateway.Secret),
                Microsoft.IdentityModel.Tokens.SecurityAlgorithms.HmacSha256));
    }

    private async Task AssertRefusedAsync(string path, string query, string? token, HttpStatusCode status)
    {
        using ClientWebSocket socket = new();
        socket.Options.CollectHttpResponseDetails = true;
        Uri address = new($"ws://{_gateway.Client.BaseAddress!.Authority}{path}?{query}" + (token is null ? "" : $"&access_token={token}"));
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address, CancellationToken.None));
        Assert.Equal(status, socket.HttpStatusCode);
    }
}
