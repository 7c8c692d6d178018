using System.Buffers.Binary;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Testing.Rooms;

/// <summary>
/// The payloads of a <see cref="TestSource"/>: a true codec header as far as the gateway looks, then which packet of which
/// frame it is, then bytes that follow from those.
/// </summary>
public static class TestMediaPayload
{
    public const int MaxLength = 300;

    private const byte Mark = 0xA7;
    private const int FieldsLength = 10;
    private const int Vp8NumbersAt = 2;
    private const int Vp8NumbersLength = 3;

    public static int Write(Span<byte> destination, CodecKind codec, int source, int encoding, TestFrame frame, int packet)
    {
        int header = WriteFields(destination, codec, source, encoding, frame, packet) - FieldsLength;
        int length = header + FieldsLength + (frame.Number * 31 + packet * 97) % 200;
        for (int i = header + FieldsLength; i < length; i++)
            destination[i] = (byte)(source * 3 + encoding * 5 + frame.Number * 7 + packet * 13 + i);
        return length;
    }

    /// <summary>Writes only what <see cref="TryRead"/> reads: the rest of a payload that nobody compares may be anything.</summary>
    /// <returns>The least length of the payload, bytes.</returns>
    public static int WriteFields(Span<byte> destination, CodecKind codec, int source, int encoding, TestFrame frame, int packet)
    {
        int header = WriteHeader(destination, codec, frame, packet);
        Span<byte> fields = destination[header..];
        fields[0] = Mark;
        BinaryPrimitives.WriteUInt16BigEndian(fields[1..], (ushort)source);
        fields[3] = (byte)encoding;
        BinaryPrimitives.WriteInt32BigEndian(fields[4..], frame.Number);
        fields[8] = (byte)packet;
        fields[9] = (byte)frame.Packets;
        return header + FieldsLength;
    }

    /// <summary>Reads which packet it is; whether it is so to the last bit, <see cref="IsIntact"/> tells.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, CodecKind codec, out int source, out int encoding, out int frame, out int packet)
    {
        (source, encoding, frame, packet) = (0, 0, 0, 0);
        int header = HeaderLength(codec);
        if (payload.Length < header + FieldsLength || payload[header] != Mark)
            return false;
        ReadOnlySpan<byte> fields = payload[header..];
        source = BinaryPrimitives.ReadUInt16BigEndian(fields[1..]);
        encoding = fields[3];
        frame = BinaryPrimitives.ReadInt32BigEndian(fields[4..]);
        packet = fields[8];
        return true;
    }

    /// <summary>True when the payload is what the publisher wrote, but for VP8's running numbers.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> payload, CodecKind codec, int source, int encoding, TestFrame frame, int packet)
    {
        Span<byte> expected = stackalloc byte[MaxLength];
        int length = Write(expected, codec, source, encoding, frame, packet);
        if (payload.Length != length)
            return false;
        if (codec == CodecKind.Vp8)
            payload.Slice(Vp8NumbersAt, Vp8NumbersLength).CopyTo(expected[Vp8NumbersAt..]);
        return payload.SequenceEqual(expected[..length]);
    }

    /// <summary>VP8's picture id and TL0PICIDX as received.</summary>
    public static (int PictureId, byte Tl0PicIdx) Numbers(ReadOnlySpan<byte> payload) =>
        (BinaryPrimitives.ReadUInt16BigEndian(payload[Vp8NumbersAt..]) & 0x7FFF, payload[Vp8NumbersAt + 2]);

    private static int HeaderLength(CodecKind codec) => codec switch
    {
        CodecKind.Vp8 => 7,
        CodecKind.H264 => 2,
        _ => 0,
    };

    private static int WriteHeader(Span<byte> destination, CodecKind codec, TestFrame frame, int packet)
    {
        if (codec == CodecKind.Vp8)
        {
            // RFC 7741 section 4.2 with a 15-bit picture id, TL0PICIDX and TID; then the first byte of section 4.3.
            destination[0] = (byte)(0x80 | (packet == 0 ? 0x10 : 0));
            destination[1] = 0xE0;
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(0x8000 | (frame.Number & 0x7FFF)));
            destination[4] = frame.Tl0PicIdx;
            destination[5] = (byte)(frame.Temporal << 6 | (frame.IsSync ? 0x20 : 0));
            destination[6] = frame.IsKey ? (byte)0x10 : (byte)0x11;
        }
        else if (codec == CodecKind.H264)
        {
            // RFC 6184: a key frame's first packet is a parameter set; the others are slices.
            destination[0] = (byte)(0x60 | (frame.IsKey ? packet == 0 ? 7 : 5 : 1));
            destination[1] = 0x42;
        }
        return HeaderLength(codec);
    }
}
