using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Control;

/// <summary>Tests of each call's refusals: of callers without a grant, and of requests that cannot be met.</summary>
public sealed class ControlRefusalTests
{
    private static readonly string Long = new('x', 70_000);

    /// <summary>Method, request as JSON, status in Connect's spelling, and a word of what is said.</summary>
    private static readonly (string Method, string Json, string Code, string Word)[] Wrong =
    [
        ("RoomService/CreateRoom", """{"name":""}""", "invalid_argument", "name"),
        ("RoomService/CreateRoom", """{"name":"a\u0001"}""", "invalid_argument", "control character"),
        ("RoomService/CreateRoom", """{"name":"a","preset":"none"}""", "invalid_argument", "preset"),
        ("RoomService/CreateRoom", """{"name":"a","maxParticipants":-1}""", "invalid_argument", "max_participants"),
        ("RoomService/CreateRoom", """{"name":"a","emptyTimeout":"90000s"}""", "invalid_argument", "empty_timeout"),
        ("RoomService/CreateRoom", """{"name":"a","departureTimeout":"-1s"}""", "invalid_argument", "departure_timeout"),
        ("RoomService/CreateRoom", $$"""{"name":"a","metadata":"{{Long}}"}""", "invalid_argument", "metadata"),
        ("RoomService/CreateRoom", $$"""{"name":"a","requestId":"{{Long}}"}""", "invalid_argument", "request_id"),
        ("RoomService/GetRoom", """{"name":"none"}""", "not_found", "none"),
        ("RoomService/UpdateRoom", """{"name":"none"}""", "not_found", "none"),
        ("RoomService/UpdateRoom", """{"name":"stage","maxParticipants":-2}""", "invalid_argument", "max_participants"),
        ("RoomService/DeleteRoom", """{"name":"none"}""", "not_found", "none"),
        ("RoomService/ListRooms", """{"pageSize":-1}""", "invalid_argument", "page_size"),
        ("RoomService/ListRooms", """{"pageToken":"?"}""", "invalid_argument", "page_token"),
        ("ParticipantService/ListParticipants", """{"room":"none"}""", "not_found", "none"),
        ("ParticipantService/GetParticipant", """{"room":"stage","identity":"nobody"}""", "not_found", "nobody"),
        ("ParticipantService/RemoveParticipant", """{"room":"stage","identity":"nobody"}""", "not_found", "nobody"),
        ("ParticipantService/UpdateParticipant", """{"room":"stage","identity":"nobody"}""", "not_found", "nobody"),
        ("ParticipantService/UpdateParticipant", $$"""{"room":"stage","identity":"ada","metadata":"{{Long}}"}""", "resource_exhausted",
        "metadata"),
        ("ParticipantService/UpdateParticipant", """{"room":"stage","identity":"ada","permissions":{"canPublishSources":[77]}}""",
        "invalid_argument", "source"),
        ("ParticipantService/MuteTrack", """{"room":"stage","identity":"ada","trackSid":"TR_none"}""", "not_found", "TR_none"),
        ("ParticipantService/MoveParticipant", """{"room":"stage","identity":"nobody","destinationRoom":"x"}""", "not_found", "nobody"),
        ("ParticipantService/MoveParticipant", """{"room":"stage","identity":"ada"}""", "invalid_argument", "name"),
        ("ParticipantService/MoveParticipant", """{"room":"stage","identity":"ada","destinationRoom":"twin"}""", "failed_precondition",
        "ada"),
        ("ParticipantService/MoveParticipant", """{"room":"stage","identity":"ada","destinationRoom":"full"}""", "failed_precondition",
        "as many"),
        ("ParticipantService/ForwardParticipant", """{"room":"none","identity":"ada","destinationRoom":"x"}""", "not_found", "none"),
        ("ParticipantService/ForwardParticipant", """{"room":"stage","identity":"nobody","destinationRoom":"x"}""", "not_found", "nobody"),
        ("ParticipantService/ForwardParticipant", """{"room":"stage","identity":"ada","destinationRoom":"twin"}""", "failed_precondition",
        "ada"),
        ("ParticipantService/ForwardParticipant", """{"room":"stage","identity":"ada","destinationRoom":"full"}""", "failed_precondition",
        "as many"),
        ("ParticipantService/ForwardParticipant", """{"room":"stage","identity":"ada"}""", "invalid_argument", "name"),
        ("ParticipantService/StopForwarding", """{"room":"stage","identity":"ada","destinationRoom":"twin"}""", "not_found", "not shown"),
        ("ParticipantService/StopForwarding", """{"room":"stage","identity":"ada","destinationRoom":"none"}""", "not_found", "none"),
        ("ParticipantService/SendData", """{"room":"none"}""", "not_found", "none"),
        ("ParticipantService/SendData", $$"""{"room":"stage","data":"{{Convert.ToBase64String(new byte[60_001])}}"}""", "invalid_argument",
        "60000"),
        ("ParticipantService/SendData", """{"room":"stage","kind":9}""", "invalid_argument", "kind"),
        ("ParticipantService/CreateJoinToken", """{"room":"stage","identity":""}""", "invalid_argument", "identity"),
        ("ParticipantService/CreateJoinToken", $$"""{"room":"stage","identity":"a","metadata":"{{new string('x', 9_000)}}"}""",
        "invalid_argument", "8192"),
        ("ParticipantService/MoveParticipant", """{"room":"long","identity":"ada","destinationRoom":"x"}""", "failed_precondition",
        "shorter"),
        ("ParticipantService/CreateJoinToken", """{"room":"stage","identity":"a","lifetime":"30s"}""", "invalid_argument", "lifetime"),
        ("TrackService/ListPublications", """{"room":"none"}""", "not_found", "none"),
        ("TrackService/ListPublications", """{"room":"stage","identity":"nobody"}""", "not_found", "nobody"),
        ("TrackService/ListSubscriptions", """{"room":"stage","identity":"nobody"}""", "not_found", "nobody"),
        ("TrackService/UpdateSubscriptions", """{"room":"stage","identity":"ada","trackSids":["TR_none"]}""", "not_found", "TR_none"),
        ("TrackService/SetTrackLimits", $$"""{"room":"stage","trackSid":"TR_none","subscriberIdentity":"{{Long}}"}""", "invalid_argument",
        "identity"),
        ("TrackService/SetTrackLimits", """{"room":"stage","trackSid":"TR_none"}""", "not_found", "TR_none"),
        ("TrackService/RequestKeyFrame", """{"room":"stage","trackSid":"TR_none"}""", "not_found", "TR_none"),
        ("LiveStreamService/CreateLiveStream", """{"name":"a b"}""", "invalid_argument", "name"),
        ("LiveStreamService/CreateLiveStream", """{"name":"x","sources":[{"id":"a"}]}""", "invalid_argument",
        "participant, a publisher or a slate"),
        ("LiveStreamService/CreateLiveStream", """{"name":"x","sources":[{"id":"publisher","slate":{}}]}""", "invalid_argument",
        "id of its own"),
        ("LiveStreamService/CreateLiveStream", """{"name":"x","sources":[{"id":"a","slate":{}},{"id":"a","slate":{}}]}""",
        "invalid_argument", "id of its own"),
        ("LiveStreamService/GetLiveStream", """{"name":"none"}""", "not_found", "none"),
        ("LiveStreamService/UpdateLiveStream", """{"name":"none"}""", "not_found", "none"),
        ("LiveStreamService/DeleteLiveStream", """{"name":"none"}""", "not_found", "none"),
        ("LiveStreamService/ListLiveStreams", """{"pageSize":-1}""", "invalid_argument", "page_size"),
        ("LiveStreamService/AddSource", """{"liveStream":"show"}""", "invalid_argument", "source"),
        ("LiveStreamService/AddSource", """{"liveStream":"show","source":{"id":"bars","slate":{}}}""", "already_exists", "bars"),
        ("LiveStreamService/AddSource", """{"liveStream":"show","source":{"id":"a b","slate":{}}}""", "invalid_argument", "id"),
        ("LiveStreamService/AddSource", """{"liveStream":"show","source":{"id":"p","participant":{"room":"","identity":"x"}}}""",
        "invalid_argument", "room"),
        ("LiveStreamService/AddSource", """{"liveStream":"show","source":{"id":"p","participant":{"room":"r","identity":""}}}""",
        "invalid_argument", "identity"),
        ("LiveStreamService/AddSource",
        $$"""{"liveStream":"show","source":{"id":"p","participant":{"identity":"{{Long}}","room":"r"} } }""", "invalid_argument",
        "identity"),
        ("LiveStreamService/AddSource", """{"liveStream":"show","source":{"id":"p","publisher":{"stream":"a b"}}}""", "invalid_argument",
        "live stream"),
        ("LiveStreamService/AddSource", """{"liveStream":"show","source":{"id":"p","slate":{"pattern":9}}}""", "invalid_argument",
        "pattern"),
        ("LiveStreamService/RemoveSource", """{"liveStream":"show","source":"none"}""", "not_found", "none"),
        ("LiveStreamService/RemoveSource", """{"liveStream":"show","source":"publisher"}""", "failed_precondition", "publisher"),
        ("LiveStreamService/SetPreview", """{"liveStream":"show","source":"none"}""", "not_found", "none"),
        ("LiveStreamService/SetAudio", """{"liveStream":"show","source":"none"}""", "not_found", "none"),
        ("LiveStreamService/Cut", """{"liveStream":"show"}""", "failed_precondition", "preview"),
        ("LiveStreamService/Cut", """{"liveStream":"show","expectedProgram":"camera"}""", "aborted", "on air"),
        ("LiveStreamService/SetProgram", """{"liveStream":"show","source":"none"}""", "not_found", "none"),
        ("LiveStreamService/SetProgram", """{"liveStream":"show","source":"publisher"}""", "failed_precondition", "sends nothing"),
        ("NodeService/GetNode", """{"node":"N_elsewhere"}""", "not_found", "There is no node N_elsewhere."),
        ("NodeService/GetConfiguration", """{"node":"N_elsewhere"}""", "not_found", "N_elsewhere"),
        ("NodeService/ListWorkers", """{"node":"N_elsewhere"}""", "not_found", "N_elsewhere"),
        ("NodeService/Drain", """{"node":"N_elsewhere","disconnect":true}""", "not_found", "N_elsewhere"),
        ("NodeService/ListAuditRecords", """{"node":"N_elsewhere"}""", "not_found", "N_elsewhere"),
        ("NodeService/ListAuditRecords", """{"pageSize":-1}""", "invalid_argument", "page_size"),
    ];

    [Fact]
    public async Task Every_wrong_argument_gets_its_status_and_says_what_is_wrong()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        await gateway.JoinAsync("stage", "ada");
        await gateway.JoinAsync("twin", "ada");
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "full", MaxParticipants = 1 }, ControlGateway.Admin);
        await gateway.JoinAsync("full", "zoe");
        await gateway.JoinAsync("long", "ada");
        await gateway.Participants.UpdateParticipantAsync(new UpdateParticipantRequest
        { Room = "long", Identity = "ada", Metadata = new string('x', 9_000) }, ControlGateway.Admin);
        await gateway.LiveStreams.CreateLiveStreamAsync(
            new CreateLiveStreamRequest
            { Name = "show", Sources = { new SourceSpec { Id = "bars", Slate = new SlateSource() } } }, ControlGateway.Admin);

        List<string> wrong = [];
        foreach ((string method, string json, string code, string word) in Wrong)
        {
            (string actual, string message) = await CallAsync(gateway, method, json, Director);
            if (actual != code || !message.Contains(word, StringComparison.Ordinal))
                wrong.Add($"{method} {json[..Math.Min(100, json.Length)]}: {actual}, {message}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_method_refuses_who_has_no_token_a_forged_one_an_old_one_or_one_for_something_else()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        await gateway.JoinAsync("stage", "ada");
        string forged = TokenIssuer.Issue(TestGateway.Key, "another-secret-of-more-than-thirty-two-bytes",
            new TokenRequest("eve", "stage", true, true, TimeSpan.FromHours(1)) { NodeAdmin = true }, DateTimeOffset.UtcNow);
        string old = TokenIssuer.Issue(TestGateway.Key, TestGateway.Secret,
            new TokenRequest("eve", "stage", true, true, TimeSpan.FromHours(1)) { NodeAdmin = true }, DateTimeOffset.UtcNow.AddHours(-2));
        string participant = TestGateway.Token("stage", "ada");
        foreach (string method in UnaryMethods())
        {
            foreach (string? token in (string?[])[null, "nonsense", forged, old])
                Assert.Equal((method, "unauthenticated"), (method, (await CallAsync(gateway, method, "{}", token)).Code));
            Assert.Equal((method, "permission_denied"),
                (method, (await CallAsync(gateway, method, """{"room":"stage","name":"stage","liveStream":"stage"}""", participant)).Code));
        }
    }

    [Fact]
    public async Task Key_that_calls_too_often_is_refused_and_others_are_not()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(
            ("Control:CallBurst", "5"), ("Control:CallsPerSecond", "1"),
            ("Auth:Keys:other", "another-secret-of-more-than-thirty-two-bytes"));
        string other = TokenIssuer.Issue("other", "another-secret-of-more-than-thirty-two-bytes", Everything, DateTimeOffset.UtcNow);

        List<string> codes = [];
        for (int i = 0; i < 20; i++)
            codes.Add((await CallAsync(gateway, "RoomService/ListRooms", "{}", Director)).Code);

        Assert.All(codes.Take(5), code => Assert.Equal("", code));
        Assert.Contains("resource_exhausted", codes);
        Assert.Equal("", (await CallAsync(gateway, "RoomService/ListRooms", "{}", other)).Code);
    }

    [Fact]
    public async Task Draining_gateway_takes_no_commands_and_answers_questions()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        JoinedParticipant ada = await gateway.JoinAsync("stage", "ada");

        DrainResponse drained = await gateway.Node.DrainAsync(new DrainRequest { Disconnect = true }, ControlGateway.Admin);

        Assert.True(drained.Node.Draining);
        Assert.Equal(0, drained.Node.RoomCount);
        Assert.Equal(Sfu.Rooms.Members.DisconnectReason.ServerShutdown,
            Assert.Single(ada.Told.All<Sfu.Rooms.Notifications.RoomNotification.Left>()).Reason);
        Assert.Equal("unavailable", (await CallAsync(gateway, "RoomService/CreateRoom", """{"name":"x"}""", Director)).Code);
        Assert.Equal("", (await CallAsync(gateway, "RoomService/ListRooms", "{}", Director)).Code);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable,
            (await gateway.Web.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode);
    }

    private static TokenRequest Everything => new("director", "", false, false, TimeSpan.FromHours(1)) { NodeAdmin = true };

    private static string Director => TestGateway.Token(Everything);

    private static IEnumerable<string> UnaryMethods() => new[]
    {
        RoomsReflection.Descriptor, ParticipantsReflection.Descriptor, TracksReflection.Descriptor, LiveStreamsReflection.Descriptor,
            NodeReflection.Descriptor,
    }
        .SelectMany(file => file.Services)
        .SelectMany(service => service.Methods.Select(method => $"{service.Name}/{method.Name}"));

    /// <summary>Calls a method by Connect, as curl would; the code is empty on success.</summary>
    private static async Task<(string Code, string Message)> CallAsync(ControlGateway gateway, string method, string json, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mediagateway.v1." + method);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await gateway.Web.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        if (response.IsSuccessStatusCode)
            return ("", body);
        JsonElement error = JsonDocument.Parse(body).RootElement;
        return (error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!);
    }
}
