using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.LoadTester.Tests;

public sealed class ProbePayloadTests
{
    [Theory]
    [InlineData(CodecKind.Vp8)]
    [InlineData(CodecKind.Vp9)]
    [InlineData(CodecKind.H264)]
    [InlineData(CodecKind.Opus)]
    public void Payload_says_what_was_written_and_where_a_key_frame_starts(CodecKind codec)
    {
        foreach (FramePosition position in (FramePosition[])[new(0, true, true, false), new(0, true, false, true),
            new(1, false, true, false), new(0x7FFF, false, false, true)])
        {
            byte[] payload = new byte[1_180];
            var header = new ProbeHeader(3, 123_456_789_012, 42);
            ProbePayload.Write(payload, codec, position, header);
            Assert.True(ProbePayload.TryRead(payload, codec, out ProbeHeader read, out bool isIntact));
            Assert.Equal((header, true), (read, isIntact));
            Assert.Equal(codec == CodecKind.Opus
                || position is { IsKeyFrame: true, IsFirst: true }, KeyFrames.StartsKeyFrame(codec, payload));
        }
    }

    [Fact]
    public void Every_byte_of_the_filling_counts()
    {
        byte[] payload = new byte[300];
        ProbePayload.Write(payload, CodecKind.Vp8, default, new ProbeHeader(0, 5, 0));
        for (int i = 25; i < payload.Length; i++)
        {
            payload[i] ^= 1;
            Assert.True(ProbePayload.TryRead(payload, CodecKind.Vp8, out _, out bool isIntact));
            Assert.False(isIntact);
            payload[i] ^= 1;
        }
    }
}
