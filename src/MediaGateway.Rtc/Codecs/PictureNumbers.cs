namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// The running numbers in a VP8 (RFC 7741 section 4.2) or VP9 (RFC 9628 section 4.2) payload descriptor and where
/// they stand. Receivers order frames by them, so they must run on when the source changes.
/// </summary>
public readonly struct PictureNumbers
{
    private const int ShortBits = 7;

    /// <summary>Offset of the picture id, bytes; 0 when the packet has none (it never stands first).</summary>
    private byte PictureIdPosition { get; init; }

    private byte PictureIdBits { get; init; }

    /// <summary>Offset of TL0PICIDX, bytes; 0 when the packet has none.</summary>
    private byte Tl0Position { get; init; }

    /// <summary>Picture id, 7 or 15 bits.</summary>
    public ushort PictureId { get; private init; }

    public byte Tl0PicIdx { get; private init; }

    public bool HasPictureId => PictureIdPosition != 0;

    public bool IsEmpty => PictureIdPosition == 0 && Tl0Position == 0;

    /// <summary>Computes the offsets that make these numbers follow <paramref name="last"/>, the last numbers sent.</summary>
    public (ushort PictureId, byte Tl0PicIdx) OffsetsAfter(in PictureNumbers last) => (
        PictureIdPosition != 0 && last.PictureIdPosition != 0 ? (ushort)(last.PictureId + 1 - PictureId) : (ushort)0,
        Tl0Position != 0 && last.Tl0Position != 0 ? (byte)(last.Tl0PicIdx + 1 - Tl0PicIdx) : (byte)0);

    public PictureNumbers Shift(ushort pictureIdOffset, byte tl0Offset) => this with
    {
        PictureId = (ushort)((PictureId + pictureIdOffset) & ((1 << PictureIdBits) - 1)),
        Tl0PicIdx = (byte)(Tl0PicIdx + tl0Offset),
    };

    /// <summary>Writes the numbers over those of the payload they were read from, or of a copy of it; empty ones write nothing.</summary>
    public void WriteTo(Span<byte> payload)
    {
        if (PictureIdPosition != 0 && PictureIdBits > ShortBits)
        {
            // The M bit that says "15 bits follow" is the highest of the first byte in both codecs.
            payload[PictureIdPosition] = (byte)(0x80 | PictureId >> 8);
            payload[PictureIdPosition + 1] = (byte)PictureId;
        }
        else if (PictureIdPosition != 0)
        {
            payload[PictureIdPosition] = (byte)PictureId;
        }
        if (Tl0Position != 0)
            payload[Tl0Position] = Tl0PicIdx;
    }

    internal static PictureNumbers Of(in Vp8Descriptor descriptor) => new()
    {
        // After the mandatory byte and the extension byte.
        PictureIdPosition = (byte)(descriptor.HasPictureId ? 2 : 0),
        PictureIdBits = (byte)descriptor.PictureIdBits,
        PictureId = descriptor.PictureId,
        Tl0Position = (byte)(descriptor.HasTl0PicIdx ? 2 + Bytes(descriptor.PictureIdBits) : 0),
        Tl0PicIdx = descriptor.Tl0PicIdx,
    };

    internal static PictureNumbers Of(in Vp9Descriptor descriptor) => new()
    {
        // After the mandatory byte; TL0PICIDX after the layer byte.
        PictureIdPosition = (byte)(descriptor.HasPictureId ? 1 : 0),
        PictureIdBits = (byte)descriptor.PictureIdBits,
        PictureId = descriptor.PictureId,
        Tl0Position = (byte)(descriptor.HasTl0PicIdx ? 2 + Bytes(descriptor.PictureIdBits) : 0),
        Tl0PicIdx = descriptor.Tl0PicIdx,
    };

    private static int Bytes(int pictureIdBits) => (pictureIdBits + 7) / 8;
}
