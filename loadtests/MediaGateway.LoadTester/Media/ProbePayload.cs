using System.Buffers.Binary;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.LoadTester.Media;

/// <summary>
/// Payloads that look like frames of a codec to whoever forwards them (where a frame starts, which are key frames), and carry
/// a <see cref="ProbeHeader"/> and a filling that follows from its number, so that a receiver can tell every byte.
/// </summary>
internal static class ProbePayload
{
    private const int HeaderLength = 20;
    private const int FillingPeriod = 1 << 14;
    private const int LongestFilling = 2048;

    private const byte Vp8Start = 0x90;
    private const byte Vp8Continuation = 0x80;
    private const int Vp8DescriptorLength = 4;
    private const byte LongPictureId = 0x80;
    private const byte H264Aggregate = 0x78;
    private const byte H264Fragment = 0x7C;

    private static readonly byte[] Filling = CreateFilling();

    /// <summary>
    /// RFC 6386 section 9.1: tag, start code, 1280 by 720. Janus changes the layers of simulcast only where it finds them.
    /// </summary>
    private static ReadOnlySpan<byte> Vp8KeyFrame => [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02];

    /// <summary>SPS and PPS: no decoder sees them, but that they are there says that a key frame begins.</summary>
    private static ReadOnlySpan<byte> H264Parameters => [0, 4, 0x67, 0x42, 0x00, 0x1F, 0, 2, 0x68, 0xCE];

    /// <summary>Fills the payload.</summary>
    public static void Write(Span<byte> payload, CodecKind codec, in FramePosition position, in ProbeHeader header)
    {
        int prefix = WritePrefix(payload, codec, position, payload.Length);
        Span<byte> rest = payload[prefix..];
        BinaryPrimitives.WriteInt32BigEndian(rest, header.Source);
        BinaryPrimitives.WriteInt64BigEndian(rest[4..], header.Number);
        BinaryPrimitives.WriteInt64BigEndian(rest[12..], header.SentTicks);
        FillingOf(header.Number, rest.Length - HeaderLength).CopyTo(rest[HeaderLength..]);
    }

    /// <summary>Reads a payload; false when it is not one of ours. Whether its filling is, <paramref name="isIntact"/> says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, CodecKind codec, out ProbeHeader header, out bool isIntact)
    {
        header = default;
        isIntact = false;
        int prefix = PrefixOf(payload, codec);
        if (prefix < 0 || payload.Length < prefix + HeaderLength)
            return false;
        ReadOnlySpan<byte> rest = payload[prefix..];
        header = new ProbeHeader(BinaryPrimitives.ReadInt32BigEndian(rest), BinaryPrimitives.ReadInt64BigEndian(rest[4..]),
            BinaryPrimitives.ReadInt64BigEndian(rest[12..]));
        isIntact = rest.Length - HeaderLength <= LongestFilling
            && rest[HeaderLength..].SequenceEqual(FillingOf(header.Number, rest.Length - HeaderLength));
        return true;
    }

    private static int WritePrefix(Span<byte> payload, CodecKind codec, in FramePosition position, int length)
    {
        switch (codec)
        {
            case CodecKind.Vp8:
                // RFC 7741 section 4.2: a picture id of 15 bits; section 4.3: the bit P is 0 in a key frame.
                payload[0] = position.IsFirst ? Vp8Start : Vp8Continuation;
                payload[1] = LongPictureId;
                BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(0x8000 | (position.Frame & 0x7FFF)));
                if (position is { IsKeyFrame: true, IsFirst: true })
                {
                    Vp8KeyFrame.CopyTo(payload[Vp8DescriptorLength..]);
                    return Vp8DescriptorLength + Vp8KeyFrame.Length;
                }
                payload[Vp8DescriptorLength] = (byte)(position.IsKeyFrame ? 0 : 1);
                return Vp8DescriptorLength + 1;
            case CodecKind.Vp9:
                // RFC 9628 section 4.2: picture id, begin and end of the frame; P says that it depends on another.
                payload[0] = (byte)(0x80 | (position.IsKeyFrame ? 0 : 0x40) | (position.IsFirst ? 0x08 : 0) | (position.IsLast ? 0x04 : 0));
                BinaryPrimitives.WriteUInt16BigEndian(payload[1..], (ushort)(0x8000 | (position.Frame & 0x7FFF)));
                return 3;
            case CodecKind.H264 when position is { IsKeyFrame: true, IsFirst: true }:
                // RFC 6184 section 5.7.1: an aggregate of SPS, PPS and what carries the probe.
                payload[0] = H264Aggregate;
                H264Parameters.CopyTo(payload[1..]);
                int parameters = 1 + H264Parameters.Length;
                BinaryPrimitives.WriteUInt16BigEndian(payload[parameters..], (ushort)(length - parameters - 2));
                payload[parameters + 2] = 0x65;
                return parameters + 3;
            case CodecKind.H264:
                // RFC 6184 section 5.8.
                payload[0] = H264Fragment;
                payload[1] = (byte)((position.IsFirst ? 0x80 : 0) | (position.IsLast ? 0x40 : 0) | (position.IsKeyFrame ? 5 : 1));
                return 2;
            default:
                payload[0] = 0xFC;
                return 1;
        }
    }

    private static int PrefixOf(ReadOnlySpan<byte> payload, CodecKind codec) => codec switch
    {
        _ when payload.IsEmpty => -1,
        CodecKind.Vp8 => Vp8Descriptor.TryParse(payload, out Vp8Descriptor descriptor)
            ? descriptor.Length + (KeyFrames.StartsKeyFrame(codec, payload) ? Vp8KeyFrame.Length : 1) : -1,
        CodecKind.Vp9 => Vp9Descriptor.TryParse(payload, out Vp9Descriptor descriptor) ? descriptor.Length : -1,
        CodecKind.H264 => payload[0] == H264Aggregate ? H264Parameters.Length + 4 : 2,
        _ => 1,
    };

    private static ReadOnlySpan<byte> FillingOf(long number, int length) => Filling.AsSpan((int)(number * 7919 % FillingPeriod), length);

    private static byte[] CreateFilling()
    {
        byte[] filling = new byte[FillingPeriod + LongestFilling];
        new Random(20_261).NextBytes(filling);
        return filling;
    }
}
