using System.Buffers.Binary;

namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// The dependency descriptor header extension as far as choosing layers needs it (AV1 RTP specification, appendix
/// A.8.2 and A.8.3): the frame, its layers, and which decode targets it is part of.
/// </summary>
public readonly struct DependencyDescriptor
{
    internal const int MandatoryLength = 3;

    /// <summary>First packet of the frame.</summary>
    public bool StartsFrame { get; private init; }

    /// <summary>Last packet of the frame.</summary>
    public bool EndsFrame { get; private init; }

    /// <summary>frame_dependency_template_id, 0-63: which template of the structure in force describes the frame.</summary>
    public byte TemplateId { get; private init; }

    /// <summary>Increases by one a frame, over all layers; wraps.</summary>
    public ushort FrameNumber { get; private init; }

    /// <summary>The structure comes with the first packet of a key frame.</summary>
    public bool HasTemplateStructure { get; private init; }

    /// <summary>
    /// The structure that the fields below were read by; null when they were not: none is known, or it has no such template.
    /// </summary>
    public DependencyStructure? Structure { get; private init; }

    public byte SpatialId { get; private init; }

    public byte TemporalId { get; private init; }

    public DecodeTargetIndications Indications { get; private init; }

    /// <summary>Mask of the decode targets that are produced from this frame on; null when it says nothing of that.</summary>
    public uint? ActiveDecodeTargets { get; private init; }

    /// <param name="value">Data of the header extension element.</param>
    /// <param name="inForce">The structure that the last key frame brought; null when none is known.</param>
    /// <param name="descriptor">Its fields.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, DependencyStructure? inForce, out DependencyDescriptor descriptor)
    {
        descriptor = default;
        if (value.Length < MandatoryLength)
            return false;
        descriptor = new DependencyDescriptor
        {
            StartsFrame = (value[0] & 0x80) != 0,
            EndsFrame = (value[0] & 0x40) != 0,
            TemplateId = (byte)(value[0] & 0x3F),
            FrameNumber = BinaryPrimitives.ReadUInt16BigEndian(value[1..]),
        };
        return TryReadExtended(value, inForce, ref descriptor);
    }

    /// <summary>extended_descriptor_fields() and frame_dependency_definition()</summary>
    private static bool TryReadExtended(ReadOnlySpan<byte> value, DependencyStructure? structure, ref DependencyDescriptor descriptor)
    {
        var bits = new BitReader(value, MandatoryLength * 8);
        bool isExtended = value.Length > MandatoryLength;
        bool hasStructure = isExtended && bits.ReadFlag();
        bool hasActiveTargets = isExtended && bits.ReadFlag();
        bool hasIndications = isExtended && bits.ReadFlag();
        // Frame differences and chains that the frame overrides come last and are of no interest here.
        if (isExtended)
            bits.Read(2);
        if (hasStructure)
        {
            if (structure is null || !structure.IsIn(value))
                structure = DependencyStructure.Parse(value, bits.Position);
            if (structure is null)
                return false;
            bits = new BitReader(value, structure.EndPosition);
        }
        if (structure is null)
            return true;
        uint? active = hasStructure ? structure.AllTargets : null;
        if (hasActiveTargets)
            active = bits.Read(structure.DecodeTargetCount);
        bool isKnown = structure.TryGetTemplate(descriptor.TemplateId, out (byte Spatial, byte Temporal) layer,
            out DecodeTargetIndications indications);
        if (hasIndications && !DecodeTargetIndications.TryRead(ref bits, structure.DecodeTargetCount, out indications))
            return false;
        if (bits.IsBeyondEnd)
            return false;
        descriptor = descriptor with
        {
            HasTemplateStructure = hasStructure,
            Structure = isKnown ? structure : null,
            SpatialId = layer.Spatial,
            TemporalId = layer.Temporal,
            Indications = indications,
            ActiveDecodeTargets = isKnown ? active : null,
        };
        return true;
    }
}
