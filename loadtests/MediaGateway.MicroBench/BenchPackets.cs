using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.MicroBench;

/// <summary>Plain packets as browsers send them.</summary>
internal static class BenchPackets
{
    public const int AudioPayload = 80;
    public const int VideoPayload = 1200;

    public const byte MidId = 4;
    public const byte AudioLevelId = 1;
    public const byte TransportSequenceId = 3;

    public static readonly Ssrc Source = new(0x1234_5678);
    public static readonly PayloadType Vp8 = new(96);
    public static readonly PayloadType Opus = new(111);

    /// <summary>Header extensions of a publisher's section, and of a subscriber's.</summary>
    public static readonly HeaderExtensionMap Extensions = new(
    [
        new(HeaderExtensionKind.AudioLevel, AudioLevelId),
        new(HeaderExtensionKind.TransportSequenceNumber, TransportSequenceId),
        new(HeaderExtensionKind.Mid, MidId),
    ]);

    /// <summary>12 bytes of header and 1,200 of payload.</summary>
    public static byte[] Plain() => Create(Vp8, VideoPayload, static (ref RtpPacketWriter _) => { });

    /// <summary>MID, transport-wide number, and 1,200 bytes of payload.</summary>
    public static byte[] Video() => Create(Vp8, VideoPayload, static (ref RtpPacketWriter writer) =>
    {
        writer.WriteExtension(MidId, "1"u8);
        writer.WriteExtension(TransportSequenceId, [0, 1]);
    });

    /// <summary>MID, audio level, transport-wide number, and 80 bytes of payload.</summary>
    public static byte[] Audio() => Create(Opus, AudioPayload, static (ref RtpPacketWriter writer) =>
    {
        writer.WriteExtension(MidId, "0"u8);
        writer.WriteExtension(AudioLevelId, [0x80 | 30]);
        writer.WriteExtension(TransportSequenceId, [0, 1]);
    });

    public static byte[] Random(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Create(PayloadType payloadType, int payloadLength, WriteExtensions extensions)
    {
        byte[] packet = Random(200 + payloadLength, seed: 1);
        var writer = new RtpPacketWriter(packet);
        writer.WriteHeader(marker: false, payloadType, new SequenceNumber(1), new RtpTimestamp(1), Source);
        extensions(ref writer);
        return packet[..(writer.FinishHeader() + payloadLength)];
    }

    private delegate void WriteExtensions(ref RtpPacketWriter writer);
}
