using System.Net;
using System.Text.Json;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Testing.Offers;
using TrackSource = MediaGateway.Sfu.Rooms.Tracks.TrackSource;

namespace MediaGateway.Server.Tests.Media;

/// <summary>
/// Offers of the space on a real gateway, under whatever grants: over WHIP, WHEP and the WebSocket each gets an answer that follows the
/// rules, or a refusal that says why. The core's own test takes ten thousand of them.
/// </summary>
public sealed class OfferSurfaceTests : IAsyncLifetime
{
    private const int Seeds = 150;

    private ControlGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await ControlGateway.StartAsync(
            ("Limits:HttpBurstPerSource", "100000"), ("Limits:HttpRequestsPerSecondPerSource", "100000"));
        using HttpResponseMessage live =
            await _gateway.Web.SendAsync(TestGateway.Post("/whip/live", TestGateway.Token("live"), PublishingOffer.Create().ToString()));
        Assert.Equal(HttpStatusCode.Created, live.StatusCode);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("/whip/stage", null)]
    [InlineData("/whip/stage", TrackSource.Camera)]
    [InlineData("/whip/stage", TrackSource.Microphone)]
    [InlineData("/whip/stage", TrackSource.ScreenShareAudio)]
    [InlineData("/whep/stage", null)]
    [InlineData("/whep/live", null)]
    public async Task Offer_over_http_is_answered_or_refused(string path, TrackSource? source)
    {
        string token = TokenFor(path.Split('/')[2], "alice", source);
        int opened = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            string offer = OfferSpace.Create(seed);
            using HttpResponseMessage response = await _gateway.Web.SendAsync(TestGateway.Post(path, token, offer));
            string body = await response.Content.ReadAsStringAsync();
            if (response.StatusCode != HttpStatusCode.Created)
            {
                Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotAcceptable
                    or HttpStatusCode.UnprocessableEntity, $"seed {seed}: {body}");
                Assert.NotEmpty(JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString()!);
                continue;
            }
            opened++;
            AssertRight(seed, offer, body);
            await PatchAsync(response.Headers.Location!, token, seed);
            using HttpResponseMessage closed = await _gateway.Web.SendAsync(TestGateway.Delete(response.Headers.Location, token));
            Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        }
        Assert.InRange(opened, Seeds / 20, Seeds - (Seeds / 20));
    }

    [Theory]
    [InlineData("/rtc/v1", null)]
    [InlineData("/rtc/v1", TrackSource.Camera)]
    [InlineData("/rtc", TrackSource.Microphone)]
    public async Task Offer_in_a_meeting_is_answered_or_refused(string path, TrackSource? source)
    {
        int answered = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            string offer = OfferSpace.Create(seed);
            await using SignalClient client =
                await SignalClient.ConnectAsync(_gateway.Web.BaseAddress!, TokenFor("meeting", "alice", source), path);
            await client.SendAsync(new SignalRequest { Offer = new SessionDescription { Type = "offer", Sdp = offer, Id = 7 } });
            await client.SendAsync(new SignalRequest { PingReq = new Ping { Timestamp = seed } });
            SignalResponse? outcome = null;
            SignalResponse response;
            do
            {
                response = await client.ReceiveAsync();
                if (response.MessageCase is SignalResponse.MessageOneofCase.Answer or SignalResponse.MessageOneofCase.RequestResponse)
                    outcome = response;
            }
            while (response.MessageCase != SignalResponse.MessageOneofCase.PongResp || outcome is null);
            if (outcome.Answer is { } answer)
            {
                answered++;
                Assert.Equal(7u, answer.Id);
                AssertRight(seed, offer, answer.Sdp);
                continue;
            }
            Assert.Equal(RequestResponse.Types.Reason.InvalidRequest, outcome.RequestResponse.Reason);
            Assert.NotEmpty(outcome.RequestResponse.Message);
        }
        Assert.InRange(answered, Seeds / 5, Seeds - (Seeds / 20));
    }

    private static void AssertRight(int seed, string offer, string answer)
    {
        IReadOnlyList<string> violations = AnswerCheck.Violations(offer, answer);
        Assert.True(violations.Count == 0, $"seed {seed}: {string.Join("; ", violations)}");
    }

    /// <summary>Sends what another offer says of its transport, as a fragment, with each form of If-Match.</summary>
    private async Task PatchAsync(Uri session, string token, int seed)
    {
        string[] kept = ["a=ice-", "a=candidate", "m=", "a=mid", "a=group", "a=end-of-candidates"];
        IEnumerable<string> lines = OfferSpace.Create(seed + Seeds).Split('\n')
            .Where(line => kept.Any(start => line.StartsWith(start, StringComparison.Ordinal)));
        string fragment = string.Join('\n', lines);
        using HttpResponseMessage patched =
            await _gateway.Web.SendAsync(TestGateway.Patch(session, token, seed % 2 == 0 ? "*" : "\"other\"", fragment));
        Assert.True((int)patched.StatusCode < 500, $"seed {seed}: {(int)patched.StatusCode}\n{fragment}");
    }

    private static string TokenFor(string room, string identity, TrackSource? source) =>
        TestGateway.Token(new TokenRequest(identity, room, true, true, TimeSpan.FromMinutes(10))
        {
            CanPublishSources = source is { } only ? [only] : [],
        });
}
