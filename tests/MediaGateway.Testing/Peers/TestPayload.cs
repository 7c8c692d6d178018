using System.Buffers.Binary;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Peers;

/// <summary>
/// A video payload of a test publisher: a true codec header as far as the gateway looks, then who, what and when, then
/// bytes that follow from those.
/// </summary>
/// <param name="Codec">VP8, H264 or H265.</param>
/// <param name="Publisher">Which publisher.</param>
/// <param name="Frame">Frame number, from a random start.</param>
/// <param name="Packet">Packet of the frame, from 0.</param>
/// <param name="IsKey">Whether the frame is a key frame.</param>
/// <param name="SentAt">When it was first sent.</param>
/// <param name="IsBare">H264 whose key frames come without parameter sets, as those of H265 always do here.</param>
public readonly record struct TestPayload(CodecKind Codec, byte Publisher, uint Frame, byte Packet, bool IsKey, MonotonicTime SentAt,
    bool IsBare = false)
{
    public const int MaxLength = 1100;

    private const int Vp8DescriptorLength = 6;
    private const int FieldsLength = 15;
    private const int SliceLength = 4;
    private const byte SliceHeader = 0xC5;

    /// <summary>The VP8 picture id it was read with; 15 bits.</summary>
    public ushort PictureId { get; private init; }

    public byte Tl0PicIdx { get; private init; }

    public static int Write(Span<byte> destination, in TestPayload payload)
    {
        int header = payload switch
        {
            { Codec: CodecKind.Vp8 } => WriteVp8(destination, payload),
            { Codec: CodecKind.H264, IsBare: false } => WriteH264(destination, payload),
            _ => WriteSlice(destination, payload),
        };
        Span<byte> fields = destination[header..];
        fields[0] = payload.Publisher;
        BinaryPrimitives.WriteUInt32BigEndian(fields[1..], payload.Frame);
        fields[5] = payload.Packet;
        fields[6] = payload.IsKey ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(fields[7..], payload.SentAt.Ticks);
        int length = LengthOf(payload);
        for (int i = header + FieldsLength; i < length; i++)
            destination[i] = Filler(payload, i);
        return length;
    }

    /// <summary>False when anything but the picture numbers differs from what the publisher wrote.</summary>
    public static bool TryRead(CodecKind codec, ReadOnlySpan<byte> payload, out TestPayload value)
    {
        value = default;
        bool isBare = codec == CodecKind.H264 && payload.Length > 2 && payload[2] == SliceHeader;
        int header = codec == CodecKind.Vp8 ? Vp8DescriptorLength + 10 : isBare || codec == CodecKind.H265 ? SliceLength : 2;
        if (payload.Length < header + FieldsLength)
            return false;
        ReadOnlySpan<byte> fields = payload[header..];
        value = new TestPayload(
            codec, fields[0], BinaryPrimitives.ReadUInt32BigEndian(fields[1..]), fields[5], fields[6] == 1,
            new MonotonicTime(BinaryPrimitives.ReadInt64BigEndian(fields[7..])), isBare);
        Span<byte> expected = stackalloc byte[MaxLength];
        int length = Write(expected, value);
        if (codec == CodecKind.Vp8)
        {
            value = value with
            {
                PictureId = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) & 0x7FFF),
                Tl0PicIdx = payload[4],
            };
            payload[2..5].CopyTo(expected[2..]);
        }
        return payload.SequenceEqual(expected[..length]);
    }

    private static int LengthOf(in TestPayload payload) => 300 + (int)(payload.Frame * 31 + payload.Packet * 97u) % 700;

    private static byte Filler(in TestPayload payload, int index) =>
        (byte)(payload.Publisher + payload.Frame * 7 + payload.Packet * 13u + (uint)index);

    /// <summary>RFC 7741 section 4.2 with a 15-bit picture id, TL0PICIDX and TID; then section 4.3's payload header.</summary>
    private static int WriteVp8(Span<byte> destination, in TestPayload payload)
    {
        destination[0] = (byte)(0x80 | (payload.Packet == 0 ? 0x10 : 0));
        destination[1] = 0xE0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(0x8000 | (payload.Frame & 0x7FFF)));
        destination[4] = (byte)payload.Frame;
        destination[5] = 0;
        ReadOnlySpan<byte> startOfKeyFrame = [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01];
        startOfKeyFrame.CopyTo(destination[Vp8DescriptorLength..]);
        destination[Vp8DescriptorLength] |= payload.IsKey ? (byte)0 : (byte)1;
        return Vp8DescriptorLength + startOfKeyFrame.Length;
    }

    /// <summary>RFC 6184: a key frame's first packet is a parameter set; the others are slices.</summary>
    private static int WriteH264(Span<byte> destination, in TestPayload payload)
    {
        destination[0] = (byte)(0x60 | (payload.IsKey ? payload.Packet == 0 ? 7 : 5 : 1));
        destination[1] = 0x42;
        return 2;
    }

    /// <summary>
    /// A slice of a picture with the parameter set 0: an IDR picture's (H.264 section 7.3.3, H.265 section 7.3.6.1) in a key frame. The
    /// first packet is the first slice.
    /// </summary>
    private static int WriteSlice(Span<byte> destination, in TestPayload payload)
    {
        bool isH265 = payload.Codec == CodecKind.H265, isFirst = payload.Packet == 0;
        destination[0] = isH265 ? (byte)((payload.IsKey ? 19 : 1) << 1) : (byte)(0x60 | (payload.IsKey ? 5 : 1));
        destination[1] = isH265 ? (byte)1 : isFirst ? (byte)0x88 : (byte)0x08;
        destination[2] = isH265 ? isFirst ? (byte)0xA5 : (byte)0x25 : SliceHeader;
        destination[3] = 0;
        return SliceLength;
    }
}
