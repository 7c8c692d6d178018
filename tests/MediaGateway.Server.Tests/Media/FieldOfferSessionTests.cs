using System.Net;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Tests.Media;

/// <summary>Offers as clients write them, on a real gateway: a section that is out of use costs that section and no more.</summary>
public sealed class FieldOfferSessionTests : IAsyncLifetime
{
    private ControlGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ControlGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("whip", "m=audio 9", "m=audio 0", "BUNDLE 1")]
    [InlineData("whip", "m=video 9", "m=video 0", "BUNDLE 0")]
    [InlineData("whep", "m=audio 9", "m=audio 0", "BUNDLE 1")]
    public async Task Session_opens_without_the_section_that_is_rejected(string protocol, string present, string instead, string group)
    {
        string offer = PublishingOffer.Create().ToString().Replace(present, instead, StringComparison.Ordinal);
        if (protocol == "whep")
            offer = offer.Replace("a=sendonly", "a=recvonly", StringComparison.Ordinal);

        using HttpResponseMessage response =
            await _gateway.Web.SendAsync(TestGateway.Post($"/{protocol}/stage", TestGateway.Token(), offer));

        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, answer);
        Assert.Contains($"a=group:{group}\r\n", answer, StringComparison.Ordinal);
        Assert.NotNull(response.Headers.ETag);
    }

    [Theory]
    [InlineData("whip", "a=sendonly")]
    [InlineData("whep", "a=recvonly")]
    public async Task Only_section_without_a_name_opens_a_session_that_takes_candidates_and_restarts(string protocol, string direction)
    {
        string offer = PublishingOffer.Create().ToString();
        int audio = offer.IndexOf("m=audio", StringComparison.Ordinal), video = offer.IndexOf("m=video", StringComparison.Ordinal);
        string only = (offer[..audio] + offer[video..])
            .Replace("a=group:BUNDLE 0 1\r\n", "", StringComparison.Ordinal)
            .Replace("a=mid:1\r\n", "", StringComparison.Ordinal)
            .Replace("a=sendonly", direction, StringComparison.Ordinal);

        using HttpResponseMessage opened =
            await _gateway.Web.SendAsync(TestGateway.Post($"/{protocol}/stage", TestGateway.Token(), only));
        string answer = await opened.Content.ReadAsStringAsync();
        using HttpResponseMessage trickled = await _gateway.Web.SendAsync(TestGateway.Patch(opened.Headers.Location, TestGateway.Token(),
            opened.Headers.ETag!.ToString(), "a=candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host\r\n"));
        using HttpResponseMessage restarted = await _gateway.Web.SendAsync(TestGateway.Patch(opened.Headers.Location, TestGateway.Token(),
            "*", "a=ice-ufrag:next\r\na=ice-pwd:nextnextnextnextnextnext\r\n"));
        string fragment = await restarted.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.NoContent, HttpStatusCode.OK),
            (opened.StatusCode, trickled.StatusCode, restarted.StatusCode));
        foreach (string text in (string[])[answer, fragment])
        {
            Assert.DoesNotContain("a=mid", text, StringComparison.Ordinal);
            Assert.DoesNotContain("a=group", text, StringComparison.Ordinal);
        }
        Assert.Contains("a=candidate", fragment, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whip", "opus/48000/2", "OPUS/48000", "opus/48000/2")]
    [InlineData("whep", "opus/48000/2", "opus/44100/2", "opus/48000/2")]
    [InlineData("whip", "a=rtpmap:96 VP8/90000", "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=0",
        "H264 with packetization-mode=1")]
    [InlineData("whep", "a=rtpmap:96 VP8/90000", "a=rtpmap:96 H264/90000", "H264 with packetization-mode=1")]
    public async Task Codec_that_is_misdescribed_is_refused_with_what_is_missing(
        string protocol, string present, string instead, string missing)
    {
        string offer = PublishingOffer.Create().ToString().Replace(present, instead, StringComparison.Ordinal);
        if (protocol == "whep")
            offer = offer.Replace("a=sendonly", "a=recvonly", StringComparison.Ordinal);

        using HttpResponseMessage response =
            await _gateway.Web.SendAsync(TestGateway.Post($"/{protocol}/stage", TestGateway.Token(), offer));

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Contains("what is missing: " + missing, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whip", "a=sendonly")]
    [InlineData("whep", "a=recvonly")]
    public async Task Codec_that_the_gateway_does_not_know_costs_its_section(string protocol, string direction)
    {
        string offer = PublishingOffer.Create().ToString()
            .Replace("opus/48000/2", "PCMU/8000", StringComparison.Ordinal)
            .Replace("a=sendonly", direction, StringComparison.Ordinal);

        using HttpResponseMessage response =
            await _gateway.Web.SendAsync(TestGateway.Post($"/{protocol}/stage", TestGateway.Token(), offer));

        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, answer);
        Assert.Contains("\r\nm=audio 0 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nm=video 9 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_for_the_camera_alone_publishes_video_from_an_offer_with_audio_first()
    {
        string token = TestGateway.Token(new TokenRequest("alice", "stage", true, false, TimeSpan.FromMinutes(1))
        {
            CanPublishSources = [TrackSource.Camera],
        });

        using HttpResponseMessage response =
            await _gateway.Web.SendAsync(TestGateway.Post("/whip/stage", token, PublishingOffer.Create().ToString()));

        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, answer);
        Assert.Contains("\r\nm=audio 0 ", answer, StringComparison.Ordinal);
        Assert.Contains("a=group:BUNDLE 1\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_of_whatever_session_with_the_credentials_in_force_adds_candidates()
    {
        using HttpResponseMessage opened =
            await _gateway.Web.SendAsync(TestGateway.Post("/whip/stage", TestGateway.Token(), PublishingOffer.Create().ToString()));
        const string fragment =
            "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
            + "a=candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host\r\n";

        using HttpResponseMessage response = await _gateway.Web.SendAsync(
            TestGateway.Patch(opened.Headers.Location, TestGateway.Token(), "*", fragment));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }
}
