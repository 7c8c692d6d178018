using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.LiveStreams;

namespace MediaGateway.Testing.Peers;

/// <summary>Slates of three frames of two packets each, which a test viewer checks like any other publisher's.</summary>
public static class TestSlates
{
    /// <summary>The publisher's id in their payloads.</summary>
    public const byte PublisherId = 250;

    public static readonly SlateLibrary Library = new(
        Enum.GetValues<SlatePattern>()
        .ToImmutableDictionary(pattern => pattern, _ => ImmutableArray.Create(Clip(CodecKind.Vp8), Clip(CodecKind.H264))));

    private static SlateClip Clip(CodecKind codec) => new(codec, [Frame(codec, 0), Frame(codec, 1), Frame(codec, 2)]);

    private static ImmutableArray<ReadOnlyMemory<byte>> Frame(CodecKind codec, int frame) =>
        [Packet(codec, frame, 0), Packet(codec, frame, 1)];

    private static ReadOnlyMemory<byte> Packet(CodecKind codec, int frame, byte packet)
    {
        byte[] payload = new byte[TestPayload.MaxLength];
        int length = TestPayload.Write(payload, new TestPayload(codec, PublisherId, (uint)frame, packet, frame == 0, MonotonicTime.Zero));
        return payload.AsMemory(0, length);
    }
}
