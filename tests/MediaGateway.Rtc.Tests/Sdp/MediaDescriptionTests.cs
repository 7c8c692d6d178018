using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Sdp;

public sealed class MediaDescriptionTests
{
    private const string Session = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n";

    [Fact]
    public void Chromium_video_section_is_read()
    {
        MediaDescription video = SdpFixtures.Read("chromium-offer-vp8sim-gathered").Media[1];

        Assert.Equal(("video", 57201, "UDP/TLS/RTP/SAVPF", 23), (video.Kind, video.Port, video.Protocol, video.Formats.Length));
        Assert.Equal("IN IP4 192.0.2.2", video.Connection);
        Assert.Equal(new Mid("1"), video.Mid);
        Assert.Equal(("bngC", "baO/wyfFC9O93iWVhj0senmR"), (video.IceUsernameFragment, video.IcePassword));
        Assert.Equal(SdpSetup.Actpass, video.Setup);
        Assert.Single(video.Fingerprints);
        Assert.NotEmpty(video.Candidates);
        Assert.False(video.HasEndOfCandidates);
        Assert.True(video.HasRtcpMux && video.HasReducedSizeRtcp);
        Assert.Contains(new RtpMap(new PayloadType(96), "VP8", 90000, 1), video.RtpMaps);
        Assert.Contains(new FormatParameters(new PayloadType(97), "apt=96"), video.FormatParameters);
        Assert.Contains(new RtcpFeedback(new PayloadType(96), "nack pli"), video.RtcpFeedback);
        Assert.Contains(new ExtensionMapping(10, null, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", ""), video.ExtensionMappings);
        Assert.Equal(["q", "h", "f"], video.Rids.Select(rid => rid.Rid.Value));
        Assert.Equal(["q", "h", "f"], video.Simulcast!.Send.Select(stream => stream.Single().Rid.Value));
        Assert.Equal("eb0dc6fa-1a6b-4721-ae0b-ef350750ee3d", video.StreamIds.Single().Track);
    }

    [Fact]
    public void Firefox_video_section_has_rids_and_sources()
    {
        MediaDescription video = SdpFixtures.Read("firefox-offer-vp8sim").Media[1];

        Assert.Equal(3, video.Rids.Count());
        Assert.Equal(3, video.SourceGroups.Count(group => group.Semantics == "FID"));
        Assert.Equal("FID 816618007 3509115497", video.SourceGroups.First().ToString());
        Assert.Equal(6, video.Sources.Count(source => source.Name == "cname"));
        Assert.Equal(MediaDirection.Send, video.ExtensionMappings.Single(mapping => mapping.Id == 8).Direction);
        Assert.True(video.HasEndOfCandidates);
    }

    [Fact]
    public void Data_section_has_its_sctp_port()
    {
        MediaDescription data = SdpFixtures.Read("firefox-offer-vp8sim").Media[2];

        Assert.Equal(5000, data.SctpPort);
        Assert.Equal("webrtc-datachannel", data.Formats.Single());
    }

    [Fact]
    public void Bundle_only_section_is_known_by_its_attribute()
    {
        MediaDescription audio = SdpFixtures.Read("gst-webrtcbin-offer").Media[1];

        Assert.True(audio.IsBundleOnly);
        Assert.Equal(0, audio.Port);
        Assert.True(audio.RtpMaps.Single().IsEncoding("opus"));
    }

    [Fact]
    public void Fingerprint_by_a_broken_hash_is_left_out()
    {
        const string sha1 = "a=fingerprint:sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33\r\n";

        Assert.Empty(SdpFixtures.Parse(Session + sha1).Fingerprints);
    }

    [Theory]
    [InlineData("rtpmap:96 VP8/90000")]
    [InlineData("rtpmap:111 opus/48000/2")]
    [InlineData("fmtp:111 minptime=10;useinbandfec=1")]
    [InlineData("rtcp-fb:* transport-cc")]
    [InlineData("rtcp-fb:96 ccm fir")]
    [InlineData("extmap:4/sendonly urn:ietf:params:rtp-hdrext:sdes:mid with attributes")]
    [InlineData("extmap:300 urn:x")]
    [InlineData("rid:1 send pt=96,97;max-width=1280;max-height=720")]
    [InlineData("rid:hi recv")]
    [InlineData("simulcast:send 1,2;~3 recv 4")]
    [InlineData("simulcast:recv q;h;~f")]
    [InlineData("ssrc:1 cname:{8dc9b264}")]
    [InlineData("ssrc:4294967295 msid:stream track")]
    [InlineData("ssrc-group:FID 1 2")]
    [InlineData("msid:stream track")]
    [InlineData("msid:-")]
    [InlineData("group:BUNDLE 0 1")]
    public void Typed_value_is_written_as_it_was_read(string attribute)
    {
        var line = new SdpLine("a=" + attribute);
        string value = line.AttributeValue.ToString();
        object? typed = line.AttributeName.ToString() switch
        {
            "rtpmap" => RtpMap.TryParse(value, out RtpMap? map) ? map : null,
            "fmtp" => FormatParameters.TryParse(value, out FormatParameters? parameters) ? parameters : null,
            "rtcp-fb" => RtcpFeedback.TryParse(value, out RtcpFeedback? feedback) ? feedback : null,
            "extmap" => ExtensionMapping.TryParse(value, out ExtensionMapping? mapping) ? mapping : null,
            "rid" => RidDescription.TryParse(value, out RidDescription? rid) ? rid : null,
            "simulcast" => SimulcastDescription.TryParse(value, out SimulcastDescription? simulcast) ? simulcast : null,
            "ssrc" => SourceAttribute.TryParse(value, out SourceAttribute? source) ? source : null,
            "ssrc-group" => SourceGroup.TryParse(value, out SourceGroup? group) ? group : null,
            "msid" => MediaStreamId.TryParse(value, out MediaStreamId? id) ? id : null,
            "group" => MediaGroup.TryParse(value, out MediaGroup? group) ? group : null,
            _ => null,
        };

        Assert.Equal(value, typed?.ToString());
    }

    [Fact]
    public void Simulcast_alternatives_and_pauses_are_read()
    {
        Assert.True(SimulcastDescription.TryParse("send 1,2;~3 recv 4", out SimulcastDescription? simulcast));

        Assert.Equal(2, simulcast!.Send.Length);
        Assert.Equal(["1", "2"], simulcast.Send[0].Select(encoding => encoding.Rid.Value));
        Assert.True(simulcast.Send[1].Single().IsPaused);
        Assert.Equal("4", simulcast.Receive.Single().Single().Rid.Value);
    }
}
