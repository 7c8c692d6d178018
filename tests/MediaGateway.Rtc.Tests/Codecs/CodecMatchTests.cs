using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Codecs;

public class CodecMatchTests
{
    [Theory]
    [InlineData("42e01f", H264Profile.ConstrainedBaseline)]
    [InlineData("42C01E", H264Profile.ConstrainedBaseline)]
    [InlineData("42001f", H264Profile.Baseline)]
    [InlineData("4d001f", H264Profile.Main)]
    [InlineData("4d801f", H264Profile.ConstrainedBaseline)]
    [InlineData("58c01f", H264Profile.ConstrainedBaseline)]
    [InlineData("58801f", H264Profile.Baseline)]
    [InlineData("58001f", H264Profile.Extended)]
    [InlineData("64001f", H264Profile.High)]
    [InlineData("640c1f", H264Profile.ConstrainedHigh)]
    [InlineData("f4001f", H264Profile.PredictiveHigh444)]
    public void TryParseProfile_table_5(string value, H264Profile expected)
    {
        Assert.True(H264ProfileLevelId.TryParseProfile(value, out H264Profile profile));
        Assert.Equal(expected, profile);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42e01")]
    [InlineData("42e01f0")]
    [InlineData("42e01g")]
    [InlineData("-2e01f")]
    [InlineData("12e01f")]
    public void TryParseProfile_other_values_are_refused(string value) =>
        Assert.False(H264ProfileLevelId.TryParseProfile(value, out _));

    [Theory]
    [InlineData(CodecKind.H264, "profile-level-id=42e01f;packetization-mode=1", "packetization-mode=1;profile-level-id=42c034", true)]
    [InlineData(CodecKind.H264, "packetization-mode=1", "packetization-mode=1;profile-level-id=42e01f", true)]
    [InlineData(CodecKind.H264, "profile-level-id=42e01f", "profile-level-id=42e01f;packetization-mode=0", true)]
    [InlineData(CodecKind.H264, "profile-level-id=42e01f", "profile-level-id=42e01f;packetization-mode=1", false)]
    [InlineData(CodecKind.H264, "profile-level-id=42e01f", "profile-level-id=42001f", true)]
    [InlineData(CodecKind.H264, "profile-level-id=42001f", "profile-level-id=4d001f", false)]
    [InlineData(CodecKind.H264, "profile-level-id=42e01f", "profile-level-id=64001f", false)]
    [InlineData(CodecKind.H264, "profile-level-id=zz", "profile-level-id=zz", false)]
    [InlineData(CodecKind.Vp9, "", "profile-id=0", true)]
    [InlineData(CodecKind.Vp9, "profile-id=2", "profile-id=0", false)]
    [InlineData(CodecKind.Vp9, "profile-id=x", "profile-id=x", false)]
    [InlineData(CodecKind.Av1, "", "level-idx=5;profile=0;tier=0", true)]
    [InlineData(CodecKind.Av1, "profile=1", "", false)]
    [InlineData(CodecKind.H265, "", "level-id=180;profile-id=1;tier-flag=0;tx-mode=SRST", true)]
    [InlineData(CodecKind.H265, "profile-id=2", "", false)]
    [InlineData(CodecKind.Vp8, "max-fr=30", "", true)]
    [InlineData(CodecKind.Opus, "minptime=10;useinbandfec=1", "", true)]
    public void IsCompatible_parameters_that_change_the_bitstream_decide(CodecKind kind, string a, string b, bool expected)
    {
        Assert.Equal(expected, CodecMatch.IsCompatible(Codec(kind, a), Codec(kind, b)));
        Assert.Equal(expected, CodecMatch.IsCompatible(Codec(kind, b), Codec(kind, a)));
    }

    [Fact]
    public void IsCompatible_payload_type_and_feedback_do_not_matter() =>
        Assert.True(CodecMatch.IsCompatible(
            Codec(CodecKind.Vp8, ""),
            Codec(CodecKind.Vp8, "") with { PayloadType = new PayloadType(39), Feedback = RtcpFeedbackKinds.Nack }));

    [Fact]
    public void IsCompatible_another_codec_clock_or_channel_count_is_not()
    {
        RtpCodec codec = Codec(CodecKind.Opus, "");

        Assert.False(CodecMatch.IsCompatible(codec, codec with { Kind = CodecKind.Red }));
        Assert.False(CodecMatch.IsCompatible(codec, codec with { ClockRate = 8000 }));
        Assert.False(CodecMatch.IsCompatible(codec, codec with { Channels = 2 }));
    }

    private static RtpCodec Codec(CodecKind kind, string parameters) =>
        new(kind, new PayloadType(96), 90_000, 1, parameters, null, RtcpFeedbackKinds.None);
}
