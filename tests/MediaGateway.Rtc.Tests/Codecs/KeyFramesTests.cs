using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Codecs;

public class KeyFramesTests
{
    [Theory]
    // As a browser sends it: X, S; I L T; picture id of 15 bits; then the frame tag of a key frame.
    [InlineData("90 E0 9234 56 20 10 02 00 9D012A", true)]
    [InlineData("10 10 02 00 9D012A", true)]
    [InlineData("90 E0 9234 56 20 11 02 00", false)] // P = 1: an interframe.
    [InlineData("80 E0 9234 56 20 10 02 00", false)] // Not the start of a partition.
    [InlineData("91 E0 9234 56 20 10 02 00", false)] // The start of the second one.
    [InlineData("90 E0 9234 56 20", false)] // Nothing behind the descriptor.
    [InlineData("", false)]
    public void Vp8_first_packet_of_a_key_frame(string payload, bool expected) => AssertStarts(CodecKind.Vp8, payload, expected);

    [Theory]
    [InlineData("AA 9234 00 78 00 AA", true)] // L1, non-flexible, with SS.
    [InlineData("88 9234 AA", true)] // Without layers.
    [InlineData("B8 9234 00 AA", true)] // Flexible.
    [InlineData("E8 9234 00 78 AA", false)] // P: inter-picture predicted.
    [InlineData("A4 9234 00 78 AA", false)] // Not B.
    [InlineData("A8 9234 03 78 AA", false)] // The spatial layer above, of the same key picture.
    [InlineData("88 9234", false)]
    [InlineData("", false)]
    public void Vp9_first_packet_of_the_base_layer(string payload, bool expected) => AssertStarts(CodecKind.Vp9, payload, expected);

    [Theory]
    [InlineData("67 42E01F", true)] // SPS alone.
    [InlineData("78 0004 6742E01F 0002 68CE 0003 658880", true)] // STAP-A: SPS, PPS, IDR.
    [InlineData("78 0002 0930 0004 6742E01F", true)] // STAP-A: AUD, SPS.
    [InlineData("7C 87 42E01F", true)] // FU-A that starts an SPS.
    [InlineData("7C 07 42E01F", false)] // FU-A that goes on with one.
    [InlineData("68 CE3C80", false)] // PPS: the SPS came before, or is missing.
    [InlineData("65 888040", false)] // IDR without its SPS.
    [InlineData("7C 85 8880", false)] // FU-A that starts an IDR.
    [InlineData("41 9A", false)]
    [InlineData("78", false)]
    [InlineData("78 0000 0004 6742E01F", false)] // An empty unit.
    [InlineData("78 0003 68CE3C 0009 67", false)] // A unit beyond the packet.
    [InlineData("7C", false)]
    [InlineData("", false)]
    public void H264_packet_with_the_sps(string payload, bool expected) => AssertStarts(CodecKind.H264, payload, expected);

    [Theory]
    [InlineData("4001 0C01", true)] // VPS alone.
    [InlineData("6001 0004 40010C01 0003 420101 0003 4401C1", true)] // AP: VPS, SPS, PPS.
    [InlineData("6001 0003 460150 0004 40010C01", true)] // AP: AUD, VPS.
    [InlineData("6201 A0 0C01", true)] // FU that starts a VPS.
    [InlineData("6201 20 0C01", false)] // FU that goes on with one.
    [InlineData("4201 0101", false)] // SPS: the VPS came before, or is missing.
    [InlineData("6201 93 AF", false)] // FU that starts an IDR_W_RADL.
    [InlineData("2601 AF", false)] // IDR_W_RADL alone.
    [InlineData("0201 D0", false)]
    [InlineData("6001", false)]
    [InlineData("6001 0000 0003 400101", false)]
    [InlineData("6201", false)]
    [InlineData("40", false)]
    [InlineData("", false)]
    public void H265_packet_with_the_vps(string payload, bool expected) => AssertStarts(CodecKind.H265, payload, expected);

    [Theory]
    [InlineData("18 0A0B0000", true)] // N, one element.
    [InlineData("28 04 0A0B0000 32", true)] // N, two elements.
    [InlineData("10 0A0B0000", true)] // No N, but a sequence header alone.
    [InlineData("20 04 0A0B0000 32", true)] // No N, a sequence header first, behind its length.
    [InlineData("00 8400 0A0B0000", true)] // W = 0: every element behind a length, here of two bytes.
    [InlineData("10 320B0000", false)] // A frame OBU.
    [InlineData("90 0A0B0000", false)] // Z: the middle of an OBU.
    [InlineData("98 0A0B0000", false)] // Z and N contradict each other.
    [InlineData("20 8484", false)] // A length without end.
    [InlineData("08", false)]
    [InlineData("", false)]
    public void Av1_first_packet_of_a_coded_video_sequence(string payload, bool expected) =>
        AssertStarts(CodecKind.Av1, payload, expected);

    [Theory]
    [InlineData(CodecKind.Opus)]
    [InlineData(CodecKind.Red)]
    public void Audio_every_packet_starts(CodecKind codec)
    {
        AssertStarts(codec, "FC", true);
        AssertStarts(codec, "", false);
    }

    [Fact]
    public void StartsKeyFrame_allocates_nothing()
    {
        byte[] vp8 = Hex.Bytes("90 E0 9234 56 20 10 02 00 9D012A");
        byte[] vp9 = Hex.Bytes("AA 9234 00 78 00 AA");
        byte[] h264 = Hex.Bytes("78 0004 6742E01F 0002 68CE 0003 658880");
        byte[] h265 = Hex.Bytes("6001 0004 40010C01 0003 420101");
        byte[] av1 = Hex.Bytes("20 04 0A0B0000 32");
        Assert.Equal(0, Allocations.Of(() =>
        {
            if (!KeyFrames.StartsKeyFrame(CodecKind.Vp8, vp8)
                || !KeyFrames.StartsKeyFrame(CodecKind.Vp9, vp9)
                || !KeyFrames.StartsKeyFrame(CodecKind.H264, h264)
                || !KeyFrames.StartsKeyFrame(CodecKind.H265, h265)
                || !KeyFrames.StartsKeyFrame(CodecKind.Av1, av1))
                throw new InvalidOperationException("a key frame is missed");
        }));
    }

    private static void AssertStarts(CodecKind codec, string payload, bool expected) =>
        Assert.Equal(expected, KeyFrames.StartsKeyFrame(codec, Hex.Bytes(payload)));
}
