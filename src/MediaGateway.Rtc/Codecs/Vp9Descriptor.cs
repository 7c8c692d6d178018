namespace MediaGateway.Rtc.Codecs;

/// <summary>VP9 payload descriptor (RFC 9628 section 4.2).</summary>
public readonly struct Vp9Descriptor
{
    private const int MostDifferences = 3;

    private readonly uint _differences;

    private Vp9Descriptor(uint differences) => _differences = differences;

    /// <summary>Bytes of the descriptor, its scalability structure included: where the VP9 data begins.</summary>
    public int Length { get; private init; }

    /// <summary>P: the layer frame depends on earlier pictures, not only on a lower layer of its own.</summary>
    public bool IsInterPicturePredicted { get; private init; }

    /// <summary>F: references are given by <see cref="PictureDifference"/> instead of by a fixed pattern.</summary>
    public bool IsFlexible { get; private init; }

    /// <summary>B: a layer frame begins with this packet.</summary>
    public bool StartsFrame { get; private init; }

    /// <summary>E: a layer frame ends with this packet.</summary>
    public bool EndsFrame { get; private init; }

    /// <summary>Z: no frame of a higher spatial layer of this picture depends on this one.</summary>
    public bool IsNotReferenceForUpperLayers { get; private init; }

    public bool HasPictureId => PictureIdBits != 0;

    /// <summary>Bits of the picture ID: 7 or 15; 0 without one.</summary>
    public int PictureIdBits { get; private init; }

    public ushort PictureId { get; private init; }

    /// <summary>L: <see cref="TemporalId"/>, <see cref="SpatialId"/> and their flags are there.</summary>
    public bool HasLayers { get; private init; }

    /// <summary>TID, 0-7; 0 when absent.</summary>
    public byte TemporalId { get; private init; }

    /// <summary>U: later pictures of higher temporal layers do not depend on those before, so a receiver may switch up here.</summary>
    public bool IsSwitchingUpPoint { get; private init; }

    /// <summary>SID, 0-7; 0 when absent.</summary>
    public byte SpatialId { get; private init; }

    /// <summary>D: depends on the next lower spatial layer of the same picture.</summary>
    public bool IsInterLayerDependent { get; private init; }

    /// <summary>TL0PICIDX is there only in the non-flexible mode with layers.</summary>
    public bool HasTl0PicIdx => HasLayers && !IsFlexible;

    public byte Tl0PicIdx { get; private init; }

    /// <summary>Number of P_DIFF fields, 0-3.</summary>
    public int PictureDifferenceCount { get; private init; }

    /// <summary>V: a scalability structure (SS) is there.</summary>
    public bool HasScalabilityStructure { get; private init; }

    /// <summary>N_S + 1 of the scalability structure, 1-8; 0 without one.</summary>
    public int SpatialLayerCount { get; private init; }

    /// <summary>P_DIFF: how many picture IDs back a reference lies.</summary>
    /// <param name="index">Below <see cref="PictureDifferenceCount"/>.</param>
    public int PictureDifference(int index) => (int)(_differences >> (8 * index)) & 0x7F;

    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp9Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
            return false;
        byte flags = payload[0];
        bool hasLayers = (flags & 0x20) != 0, isFlexible = (flags & 0x10) != 0;
        int position = 1, pictureIdBits = 0, differenceCount = 0, spatialLayerCount = 0;
        ushort pictureId = 0;
        byte layers = 0, tl0PicIdx = 0;
        uint differences = 0;
        if ((flags & 0x80) != 0 && !TryReadPictureId(payload, ref position, out pictureId, out pictureIdBits))
            return false;
        if (hasLayers && !TryReadByte(payload, ref position, out layers))
            return false;
        if (hasLayers && !isFlexible && !TryReadByte(payload, ref position, out tl0PicIdx))
            return false;
        // P and F together announce at least one P_DIFF.
        if ((flags & 0x50) == 0x50 && !TryReadDifferences(payload, ref position, out differences, out differenceCount))
            return false;
        if ((flags & 0x02) != 0 && !TrySkipScalabilityStructure(payload, ref position, out spatialLayerCount))
            return false;
        descriptor = new Vp9Descriptor(differences)
        {
            Length = position,
            IsInterPicturePredicted = (flags & 0x40) != 0,
            IsFlexible = isFlexible,
            StartsFrame = (flags & 0x08) != 0,
            EndsFrame = (flags & 0x04) != 0,
            IsNotReferenceForUpperLayers = (flags & 0x01) != 0,
            PictureIdBits = pictureIdBits,
            PictureId = pictureId,
            HasLayers = hasLayers,
            TemporalId = (byte)(layers >> 5),
            IsSwitchingUpPoint = (layers & 0x10) != 0,
            SpatialId = (byte)(layers >> 1 & 0x07),
            IsInterLayerDependent = (layers & 0x01) != 0,
            Tl0PicIdx = tl0PicIdx,
            PictureDifferenceCount = differenceCount,
            HasScalabilityStructure = (flags & 0x02) != 0,
            SpatialLayerCount = spatialLayerCount,
        };
        return true;
    }

    private static bool TryReadByte(ReadOnlySpan<byte> payload, ref int position, out byte value)
    {
        bool there = position < payload.Length;
        value = there ? payload[position++] : (byte)0;
        return there;
    }

    private static bool TryReadPictureId(ReadOnlySpan<byte> payload, ref int position, out ushort pictureId, out int bits)
    {
        pictureId = 0;
        bits = 0;
        if (!TryReadByte(payload, ref position, out byte first))
            return false;
        pictureId = first;
        bits = 7;
        if ((first & 0x80) == 0)
            return true;
        if (!TryReadByte(payload, ref position, out byte second))
            return false;
        pictureId = (ushort)((first & 0x7F) << 8 | second);
        bits = 15;
        return true;
    }

    /// <summary>Up to three bytes of P_DIFF (7 bits) and N, which says that another follows.</summary>
    private static bool TryReadDifferences(ReadOnlySpan<byte> payload, ref int position, out uint differences, out int count)
    {
        differences = 0;
        count = 0;
        bool another = true;
        while (another && count < MostDifferences)
        {
            if (!TryReadByte(payload, ref position, out byte field))
                return false;
            differences |= (uint)(field >> 1) << (8 * count++);
            another = (field & 0x01) != 0;
        }
        // Section 4.2: at most three references, so a third one announces no fourth.
        return !another;
    }

    /// <summary>Section 4.2.1: N_S, Y, G; frame sizes if Y; the picture group with its references if G.</summary>
    private static bool TrySkipScalabilityStructure(ReadOnlySpan<byte> payload, ref int position, out int spatialLayerCount)
    {
        const int sizeLength = 2 * sizeof(ushort);
        spatialLayerCount = 0;
        if (!TryReadByte(payload, ref position, out byte header))
            return false;
        spatialLayerCount = (header >> 5) + 1;
        if ((header & 0x10) != 0)
            position += spatialLayerCount * sizeLength;
        byte pictureCount = 0;
        if ((header & 0x08) != 0 && !TryReadByte(payload, ref position, out pictureCount))
            return false;
        for (int i = 0; i < pictureCount; i++)
        {
            if (!TryReadByte(payload, ref position, out byte picture))
                return false;
            position += picture >> 2 & 0x03;
        }
        return position <= payload.Length;
    }
}
