using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Sdp;

public sealed class SessionDescriptionTests
{
    private const string Minimal = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    [Theory]
    [MemberData(nameof(SdpFixtures.All), MemberType = typeof(SdpFixtures))]
    public void Text_of_a_real_client_is_written_back_unchanged(string name)
    {
        string text = SdpFixtures.Text(name);

        Assert.Equal(text, SdpFixtures.Parse(text).ToString());
    }

    [Theory]
    [MemberData(nameof(SdpFixtures.All), MemberType = typeof(SdpFixtures))]
    public void Text_with_line_feeds_only_is_written_back_unchanged(string name)
    {
        string text = SdpFixtures.Text(name).ReplaceLineEndings("\n");

        Assert.Equal(text, SdpFixtures.Parse(text).ToString());
    }

    [Fact]
    public void Unknown_lines_and_attributes_are_kept_in_order()
    {
        const string text = Minimal
            + "b=AS:512\r\na=x-vendor:1 2:3\r\na=\r\na=x-vendor\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\ni=title é\r\na=zzz:\r\n";

        Assert.Equal(text, SdpFixtures.Parse(text).ToString());
    }

    [Theory]
    [InlineData(Minimal + "\r\n\r\n")]
    [InlineData("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0")]
    [InlineData("v=0\r\no=- 1 2 IN IP4 127.0.0.1\ns=-\nt=0 0\n")]
    public void Sloppy_line_ends_are_read_and_written_clean(string text)
    {
        Assert.Equal(Minimal, SdpFixtures.Parse(text).ToString());
    }

    [Fact]
    public void Session_level_is_read()
    {
        SessionDescription offer = SdpFixtures.Read("chromium-offer-vp8sim-gathered");

        Assert.Equal(new SdpOrigin("-", "2977141771486575838", "2", "IN", "IP4", "127.0.0.1"), offer.Origin);
        Assert.Equal(["0", "1", "2"], offer.Bundle!.Mids.Select(mid => mid.Value));
        Assert.True(offer.AllowsMixedExtensions);
        Assert.False(offer.IsIceLite);
        Assert.Equal(["audio", "video", "application"], offer.Media.Select(media => media.Kind));
        Assert.Same(offer.Media[1], offer.FindMedia(new Mid("1")));
        Assert.Null(offer.FindMedia(new Mid("3")));
    }

    [Fact]
    public void Attributes_at_session_level_hold_for_every_section()
    {
        SessionDescription offer = SdpFixtures.Read("firefox-offer-vp8sim");
        MediaDescription audio = offer.Media[0];

        Assert.Empty(audio.Fingerprints);
        Assert.StartsWith("sha-256 B9:CA", offer.FindAttribute(audio, "fingerprint"), StringComparison.Ordinal);
        Assert.Single(offer.Fingerprints);
        Assert.Equal("trickle", offer.IceOptions.Single());
        Assert.Equal(MediaDirection.Send, offer.DirectionOf(audio));
        Assert.Equal(MediaDirection.SendReceive, offer.Direction);
    }

    [Fact]
    public void Direction_is_sendrecv_when_no_level_names_one()
    {
        SessionDescription description = SdpFixtures.Parse(Minimal + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n");

        Assert.Equal(MediaDirection.SendReceive, description.DirectionOf(description.Media[0]));
    }

    [Theory]
    [InlineData("", SdpErrorCode.InvalidSession, 0)]
    [InlineData("v=1\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n", SdpErrorCode.InvalidSession, 0)]
    [InlineData("o=- 1 2 IN IP4 127.0.0.1\r\nv=0\r\ns=-\r\n", SdpErrorCode.InvalidSession, 0)]
    [InlineData("v=0\r\no=- 1 2 IN IP4\r\ns=-\r\n", SdpErrorCode.InvalidSession, 0)]
    [InlineData("v=0\r\nhello\r\n", SdpErrorCode.InvalidLine, 2)]
    [InlineData("v=0\r\n\r\ns=-\r\n", SdpErrorCode.InvalidLine, 2)]
    [InlineData("v=0\r\ny=-\r\n", SdpErrorCode.InvalidLine, 2)]
    [InlineData("v=0\r\na=x\ry\r\n", SdpErrorCode.InvalidCharacter, 2)]
    [InlineData("v=0\r\na=x\0y\r\n", SdpErrorCode.InvalidCharacter, 2)]
    [InlineData("{\"type\":\"offer\"}", SdpErrorCode.InvalidLine, 1)]
    public void What_is_not_a_description_is_refused_with_its_line(string text, SdpErrorCode code, int line)
    {
        Assert.False(SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? description, out SdpError? error));

        Assert.Null(description);
        Assert.Equal((code, line), (error!.Code, error.Line));
        Assert.NotEmpty(error.Message);
    }

    [Theory]
    [InlineData("m=audio")]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF")]
    [InlineData("m=audio 65536 UDP/TLS/RTP/SAVPF 0")]
    [InlineData("m=audio -1 UDP/TLS/RTP/SAVPF 0")]
    [InlineData("m=audio 9  UDP/TLS/RTP/SAVPF 0")]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF 128")]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF 96 96")]
    [InlineData("m=video 9 UDP/TLS/RTP/SAVPF x")]
    public void Media_line_outside_its_grammar_is_refused(string line)
    {
        Assert.False(SessionDescription.TryParse(Minimal + line + "\r\n", SdpLimits.Default, out _, out SdpError? error));

        Assert.Equal((SdpErrorCode.InvalidMedia, 5), (error!.Code, error.Line));
    }

    [Theory]
    [InlineData("a=mid:")]
    [InlineData("a=mid:a b")]
    [InlineData("a=ice-ufrag:abc")]
    [InlineData("a=ice-ufrag:ab c")]
    [InlineData("a=ice-ufrag:ab:c")]
    [InlineData("a=ice-pwd:012345678901234567890")]
    [InlineData("a=setup:maybe")]
    [InlineData("a=rtpmap:96")]
    [InlineData("a=rtpmap:96 VP8")]
    [InlineData("a=rtpmap:300 VP8/90000")]
    [InlineData("a=rtpmap:96 VP8/0")]
    [InlineData("a=rtpmap:96 VP8/99999999999")]
    [InlineData("a=rtpmap:96 opus/48000/999")]
    [InlineData("a=fmtp:x apt=96")]
    [InlineData("a=rtcp-fb:96")]
    [InlineData("a=rtcp-fb:200 nack")]
    [InlineData("a=extmap:0 urn:x")]
    [InlineData("a=extmap:1")]
    [InlineData("a=extmap:1/sometimes urn:x")]
    [InlineData("a=rid:q")]
    [InlineData("a=rid:q both")]
    [InlineData("a=rid:q;h send")]
    [InlineData("a=simulcast:q;h")]
    [InlineData("a=simulcast:send")]
    [InlineData("a=simulcast:send q;;h")]
    [InlineData("a=simulcast:send q send h")]
    [InlineData("a=ssrc:x cname:y")]
    [InlineData("a=ssrc:4294967296 cname:y")]
    [InlineData("a=ssrc-group:FID 1 x")]
    [InlineData("a=msid:")]
    public void Attribute_outside_its_grammar_is_refused(string line)
    {
        string text = Minimal + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" + line + "\r\n";

        Assert.False(SessionDescription.TryParse(text, SdpLimits.Default, out _, out SdpError? error));

        Assert.Equal((SdpErrorCode.InvalidAttribute, 6), (error!.Code, error.Line));
    }

    [Theory]
    [InlineData("a=mid:1")]
    [InlineData("a=ice-ufrag:abcd")]
    [InlineData("a=setup:active")]
    public void Attribute_that_may_stand_once_is_refused_twice(string line)
    {
        string text = Minimal + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" + line + "\r\n" + line + "\r\n";

        Assert.False(SessionDescription.TryParse(text, SdpLimits.Default, out _, out SdpError? error));

        Assert.Equal((SdpErrorCode.InvalidAttribute, 7), (error!.Code, error.Line));
    }

    [Fact]
    public void Format_attributes_of_other_media_are_not_held_to_payload_types()
    {
        SdpFixtures.Parse(Minimal + "m=application 9 DTLS/SCTP 5000\r\na=fmtp:webrtc-datachannel "
            + "max-message-size=100000\r\na=sctpmap:5000 webrtc-datachannel 1024\r\n");
    }
}
