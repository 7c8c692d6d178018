using System.Buffers.Binary;

namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// The mandatory fields of the dependency descriptor header extension, and whether it carries a template dependency
/// structure (AV1 RTP specification, appendix A.8.3 and A.8.4).
/// </summary>
public readonly struct DependencyDescriptor
{
    private const int MandatoryLength = 3;

    /// <summary>First packet of the frame.</summary>
    public bool StartsFrame { get; private init; }

    /// <summary>Last packet of the frame.</summary>
    public bool EndsFrame { get; private init; }

    /// <summary>frame_dependency_template_id, 0-63: which template of the last structure describes the frame.</summary>
    public byte TemplateId { get; private init; }

    /// <summary>Increases by one a frame, over all layers; wraps.</summary>
    public ushort FrameNumber { get; private init; }

    /// <summary>The structure comes with the first packet of a key frame; without it template ids mean nothing.</summary>
    public bool HasTemplateStructure { get; private init; }

    /// <param name="value">Data of the header extension element.</param>
    /// <param name="descriptor">Its fields.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, out DependencyDescriptor descriptor)
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
            HasTemplateStructure = value.Length > MandatoryLength && (value[MandatoryLength] & 0x80) != 0,
        };
        return true;
    }
}
