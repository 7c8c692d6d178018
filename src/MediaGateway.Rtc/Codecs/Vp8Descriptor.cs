using System.Buffers.Binary;

namespace MediaGateway.Rtc.Codecs;

/// <summary>VP8 payload descriptor (RFC 7741 section 4.2), and where its two rewritable fields stand.</summary>
public readonly struct Vp8Descriptor
{
    private const byte LongPictureIdFlag = 0x80;

    private readonly byte _pictureIdOffset;
    private readonly byte _pictureIdLength;
    private readonly byte _tl0PicIdxOffset;

    private Vp8Descriptor(byte pictureIdOffset, byte pictureIdLength, byte tl0PicIdxOffset)
    {
        _pictureIdOffset = pictureIdOffset;
        _pictureIdLength = pictureIdLength;
        _tl0PicIdxOffset = tl0PicIdxOffset;
    }

    /// <summary>Bytes of the descriptor: where the VP8 data begins.</summary>
    public int Length { get; private init; }

    /// <summary>N: no other frame depends on this one.</summary>
    public bool IsNonReference { get; private init; }

    /// <summary>S: a partition begins with this packet.</summary>
    public bool StartsPartition { get; private init; }

    /// <summary>PID: index of the partition, 0-7.</summary>
    public byte PartitionIndex { get; private init; }

    /// <summary>First packet of a frame (section 4.4).</summary>
    public bool StartsFrame => StartsPartition && PartitionIndex == 0;

    public bool HasPictureId => _pictureIdLength != 0;

    /// <summary>Bits of PictureID: 7 or 15; 0 without one. It wraps at this width.</summary>
    public int PictureIdBits => _pictureIdLength == 0 ? 0 : _pictureIdLength * 8 - 1;

    public ushort PictureId { get; private init; }

    public bool HasTl0PicIdx => _tl0PicIdxOffset != 0;

    public byte Tl0PicIdx { get; private init; }

    /// <summary>T: <see cref="TemporalId"/> and <see cref="IsLayerSync"/> are there.</summary>
    public bool HasTemporalId { get; private init; }

    /// <summary>TID, 0-3; 0 when absent.</summary>
    public byte TemporalId { get; private init; }

    /// <summary>Y: the frame depends on temporal layer 0 only, so a receiver may switch up here.</summary>
    public bool IsLayerSync { get; private init; }

    public bool HasKeyIndex { get; private init; }

    /// <summary>KEYIDX, 0-31.</summary>
    public byte KeyIndex { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
            return false;
        bool extended = (payload[0] & 0x80) != 0;
        if (extended && payload.Length < 2)
            return false;
        int flags = extended ? payload[1] : 0;
        bool hasTl0PicIdx = (flags & 0x40) != 0, hasTemporalId = (flags & 0x20) != 0, hasKeyIndex = (flags & 0x10) != 0;
        int pictureIdOffset = extended ? 2 : 1;
        int pictureIdLength = 0;
        if ((flags & 0x80) != 0)
        {
            if (payload.Length <= pictureIdOffset)
                return false;
            pictureIdLength = (payload[pictureIdOffset] & LongPictureIdFlag) != 0 ? 2 : 1;
        }
        int tl0PicIdxOffset = pictureIdOffset + pictureIdLength;
        int layerOffset = tl0PicIdxOffset + (hasTl0PicIdx ? 1 : 0);
        int length = layerOffset + (hasTemporalId || hasKeyIndex ? 1 : 0);
        if (payload.Length < length)
            return false;
        byte layer = length > layerOffset ? payload[layerOffset] : (byte)0;
        descriptor = new Vp8Descriptor((byte)pictureIdOffset, (byte)pictureIdLength, (byte)(hasTl0PicIdx ? tl0PicIdxOffset : 0))
        {
            Length = length,
            IsNonReference = (payload[0] & 0x20) != 0,
            StartsPartition = (payload[0] & 0x10) != 0,
            PartitionIndex = (byte)(payload[0] & 0x07),
            PictureId = ReadPictureId(payload.Slice(pictureIdOffset, pictureIdLength)),
            Tl0PicIdx = hasTl0PicIdx ? payload[tl0PicIdxOffset] : (byte)0,
            HasTemporalId = hasTemporalId,
            TemporalId = (byte)(hasTemporalId ? layer >> 6 : 0),
            IsLayerSync = hasTemporalId && (layer & 0x20) != 0,
            HasKeyIndex = hasKeyIndex,
            KeyIndex = (byte)(hasKeyIndex ? layer & 0x1F : 0),
        };
        return true;
    }

    /// <summary>Replaces PictureID in a copy of the payload this was parsed from; its width stays, without one nothing happens.</summary>
    public void WritePictureId(Span<byte> payload, ushort pictureId)
    {
        if (_pictureIdLength == 2)
            BinaryPrimitives.WriteUInt16BigEndian(payload[_pictureIdOffset..], (ushort)(LongPictureIdFlag << 8 | pictureId));
        else if (_pictureIdLength == 1)
            payload[_pictureIdOffset] = (byte)(pictureId & ~LongPictureIdFlag);
    }

    /// <summary>Replaces TL0PICIDX in a copy of the payload this was parsed from; without one nothing happens.</summary>
    public void WriteTl0PicIdx(Span<byte> payload, byte tl0PicIdx)
    {
        if (HasTl0PicIdx)
            payload[_tl0PicIdxOffset] = tl0PicIdx;
    }

    private static ushort ReadPictureId(ReadOnlySpan<byte> field) => field.Length switch
    {
        2 => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(field) & 0x7FFF),
        1 => field[0],
        _ => 0,
    };
}
