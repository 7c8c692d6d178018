using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// The running numbers in a VP8 (RFC 7741 section 4.2) or VP9 (RFC 9628 section 4.2) payload descriptor and where
/// they stand. Receivers order frames by them, so they must run on when the source changes.
/// </summary>
internal readonly struct PictureNumbers
{
    private const ushort LongMask = 0x7FFF;
    private const ushort ShortMask = 0x7F;

    /// <summary>Where the picture id stands in the payload; 0 when there is none (it never stands first).</summary>
    private int PictureIdPosition { get; init; }

    private bool IsLong { get; init; }

    private ushort PictureId { get; init; }

    /// <summary>Where TL0PICIDX stands; 0 when there is none.</summary>
    private int Tl0Position { get; init; }

    private byte Tl0PictureIndex { get; init; }

    /// <summary>False for codecs without such numbers and for packets without them.</summary>
    public static bool TryRead(CodecKind kind, ReadOnlySpan<byte> payload, out PictureNumbers numbers)
    {
        numbers = default;
        if (kind == CodecKind.Vp8 && Vp8Descriptor.TryParse(payload, out Vp8Descriptor vp8))
        {
            numbers = new PictureNumbers
            {
                PictureIdPosition = vp8.PictureIdOffset,
                IsLong = vp8.HasLongPictureId,
                PictureId = vp8.PictureId,
                Tl0Position = vp8.Tl0PictureIndexOffset,
                Tl0PictureIndex = vp8.Tl0PictureIndex,
            };
        }
        else if (kind == CodecKind.Vp9 && Vp9Descriptor.TryParse(payload, out Vp9Descriptor vp9))
        {
            numbers = new PictureNumbers
            {
                PictureIdPosition = vp9.PictureIdOffset,
                IsLong = vp9.HasLongPictureId,
                PictureId = vp9.PictureId,
                Tl0Position = vp9.Tl0PictureIndexOffset,
                Tl0PictureIndex = vp9.Tl0PictureIndex,
            };
        }
        return numbers.PictureIdPosition != 0 || numbers.Tl0Position != 0;
    }

    /// <summary>What to add to these numbers so that they follow <paramref name="last"/>, the last ones sent.</summary>
    public (ushort PictureId, byte Tl0PictureIndex) OffsetsAfter(in PictureNumbers last) => (
        PictureIdPosition != 0 && last.PictureIdPosition != 0 ? (ushort)(last.PictureId + 1 - PictureId) : (ushort)0,
        Tl0Position != 0 && last.Tl0Position != 0 ? (byte)(last.Tl0PictureIndex + 1 - Tl0PictureIndex) : (byte)0);

    public PictureNumbers Shift(ushort pictureIdOffset, byte tl0Offset) => this with
    {
        PictureId = (ushort)((PictureId + pictureIdOffset) & (IsLong ? LongMask : ShortMask)),
        Tl0PictureIndex = (byte)(Tl0PictureIndex + tl0Offset),
    };

    public void WriteEdits(ref PayloadEdits edits)
    {
        if (PictureIdPosition != 0 && IsLong)
        {
            // The M bit that says "15 bits follow" is the highest of the first byte in both codecs.
            edits.Set(PictureIdPosition, (byte)(0x80 | PictureId >> 8));
            edits.Set(PictureIdPosition + 1, (byte)PictureId);
        }
        else if (PictureIdPosition != 0)
        {
            edits.Set(PictureIdPosition, (byte)PictureId);
        }
        if (Tl0Position != 0)
            edits.Set(Tl0Position, Tl0PictureIndex);
    }
}
