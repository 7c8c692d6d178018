namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// A frame's place among spatial and temporal layers as one of its packets states it, whatever the codec. It is read once per
/// packet and asked once per subscriber. It depends on the packet and on the dependency structure alone, so that
/// reading a packet again from the history says the same.
/// </summary>
public readonly struct FrameLayers
{
    public CodecKind Codec { get; private init; }

    /// <summary>A receiver that knows nothing can begin with this packet.</summary>
    public bool StartsKeyFrame { get; private init; }

    /// <summary>Parameter sets that have to be sent before the packet, which begins a key frame without them; null for none.</summary>
    public ParameterSets? MissingSets { get; private init; }

    /// <summary>First packet of a (layer) frame.</summary>
    public bool StartsFrame { get; private init; }

    /// <summary>Last packet of a (layer) frame.</summary>
    public bool EndsFrame { get; private init; }

    /// <summary>The packet tells its layers; without, there is nothing to choose.</summary>
    public bool HasLayers { get; private init; }

    public byte Spatial { get; private init; }

    public byte Temporal { get; private init; }

    /// <summary>VP8's layer sync and VP9's switching-up point; what it allows differs, see the codecs' descriptors.</summary>
    public bool IsSwitchingUpPoint { get; private init; }

    /// <summary>Spatial layers announced with this packet, or seen by it.</summary>
    public int SpatialLayerCount { get; private init; }

    /// <summary>VP8 and VP9: picture id and TL0PICIDX.</summary>
    public PictureNumbers Picture { get; private init; }

    /// <summary>The dependency descriptor's frame number; null without one.</summary>
    public ushort? FrameNumber { get; private init; }

    /// <summary>Layers are chosen by decode targets of this structure; null where the codec's own descriptor tells.</summary>
    public DependencyStructure? Structure { get; private init; }

    /// <summary>Roles of the frame in the structure's decode targets.</summary>
    public DecodeTargetIndications Indications { get; private init; }

    /// <summary>Mask of the structure's decode targets that are produced now.</summary>
    public uint ActiveDecodeTargets { get; private init; }

    /// <param name="codec">Of the payload.</param>
    /// <param name="payload">RTP payload without padding.</param>
    /// <param name="marker">The RTP marker bit.</param>
    /// <param name="descriptor">The dependency descriptor's data; empty without one.</param>
    /// <param name="structure">The dependency structure in force; null when none is known.</param>
    /// <param name="activeTargets">What was last said of its decode targets.</param>
    public static FrameLayers Read(
        CodecKind codec, ReadOnlySpan<byte> payload, bool marker, ReadOnlySpan<byte> descriptor, DependencyStructure? structure,
        uint activeTargets)
    {
        DependencyDescriptor dependency = default;
        bool hasDescriptor = !descriptor.IsEmpty && DependencyDescriptor.TryParse(descriptor, structure, out dependency);
        ushort? frameNumber = hasDescriptor ? dependency.FrameNumber : null;
        switch (codec)
        {
            case CodecKind.Vp8 when Vp8Descriptor.TryParse(payload, out Vp8Descriptor vp8):
                return Of(vp8, payload, marker, frameNumber);
            case CodecKind.Vp9 when Vp9Descriptor.TryParse(payload, out Vp9Descriptor vp9):
                return Of(vp9, payload, frameNumber);
            case CodecKind.H264 or CodecKind.H265 or CodecKind.Av1 when hasDescriptor && dependency.Structure is not null:
                return Of(codec, dependency, activeTargets);
            case CodecKind.H264 or CodecKind.H265 or CodecKind.Av1 when hasDescriptor:
                // A key frame would bring the structure; the payload may be encrypted, and say anything.
                return new FrameLayers { Codec = codec, FrameNumber = frameNumber };
            case CodecKind.H264:
                return OfH264(payload, marker);
            default:
                return new FrameLayers
                { Codec = codec, StartsKeyFrame = KeyFrames.StartsKeyFrame(codec, payload), FrameNumber = frameNumber };
        }
    }

    /// <summary>The same of a packet that begins a key frame for who is sent these parameter sets before it.</summary>
    public FrameLayers BehindSets(ParameterSets sets) => this with { StartsKeyFrame = true, MissingSets = sets };

    private static FrameLayers Of(in Vp8Descriptor descriptor, ReadOnlySpan<byte> payload, bool marker, ushort? frameNumber) => new()
    {
        Codec = CodecKind.Vp8,
        StartsKeyFrame = KeyFrames.StartsKeyFrame(CodecKind.Vp8, payload),
        StartsFrame = descriptor.StartsFrame,
        EndsFrame = marker,
        HasLayers = descriptor.HasTemporalId,
        Temporal = descriptor.TemporalId,
        IsSwitchingUpPoint = descriptor.IsLayerSync,
        SpatialLayerCount = 1,
        Picture = PictureNumbers.Of(descriptor),
        FrameNumber = frameNumber,
    };

    private static FrameLayers Of(in Vp9Descriptor descriptor, ReadOnlySpan<byte> payload, ushort? frameNumber) => new()
    {
        Codec = CodecKind.Vp9,
        StartsKeyFrame = KeyFrames.StartsKeyFrame(CodecKind.Vp9, payload),
        StartsFrame = descriptor.StartsFrame,
        EndsFrame = descriptor.EndsFrame,
        HasLayers = descriptor.HasLayers,
        Spatial = descriptor.SpatialId,
        Temporal = descriptor.TemporalId,
        IsSwitchingUpPoint = descriptor.IsSwitchingUpPoint,
        SpatialLayerCount = Math.Max(descriptor.SpatialLayerCount, descriptor.SpatialId + 1),
        Picture = PictureNumbers.Of(descriptor),
        FrameNumber = frameNumber,
    };

    /// <summary>
    /// Layers of a packet of H.264. A picture to which none refers counts as of temporal layer 1 where there is no descriptor: nal_ref_idc
    /// is 0 in its slices (RFC 6184 section 1.3), and it can be left out and taken in again at any time. Packets without a slice tell
    /// nothing, for theirs is always 0.
    /// </summary>
    private static FrameLayers OfH264(ReadOnlySpan<byte> payload, bool marker)
    {
        bool startsKeyFrame = false, hasSlice = false, isReferredTo = false, startsFrame = false;
        foreach (NalUnit unit in new NalUnits(CodecKind.H264, payload))
        {
            startsKeyFrame |= unit is { Starts: true, Type: (byte)H264NalUnitType.SequenceParameterSet };
            if (unit.Type is < (byte)H264NalUnitType.NonIdrSlice or > (byte)H264NalUnitType.IdrSlice)
                continue;
            hasSlice = true;
            isReferredTo |= unit.IsReferredTo;
            startsFrame |= unit.Starts;
        }
        return new FrameLayers
        {
            Codec = CodecKind.H264,
            StartsKeyFrame = startsKeyFrame,
            StartsFrame = startsFrame,
            EndsFrame = marker,
            HasLayers = hasSlice,
            Temporal = (byte)(hasSlice && !isReferredTo ? 1 : 0),
            IsSwitchingUpPoint = true,
            SpatialLayerCount = 1,
        };
    }

    /// <summary>The descriptor stays readable where the payload is encrypted end to end.</summary>
    private static FrameLayers Of(CodecKind codec, in DependencyDescriptor descriptor, uint activeTargets) => new()
    {
        Codec = codec,
        // Where spatial layers are independent of each other, the first frame of each carries the structure.
        StartsKeyFrame = descriptor is { HasTemplateStructure: true, StartsFrame: true, SpatialId: 0 },
        StartsFrame = descriptor.StartsFrame,
        EndsFrame = descriptor.EndsFrame,
        HasLayers = true,
        Spatial = descriptor.SpatialId,
        Temporal = descriptor.TemporalId,
        SpatialLayerCount = descriptor.Structure!.SpatialLayerCount,
        FrameNumber = descriptor.FrameNumber,
        Structure = descriptor.Structure,
        Indications = descriptor.Indications,
        ActiveDecodeTargets = descriptor.ActiveDecodeTargets ?? activeTargets,
    };
}
