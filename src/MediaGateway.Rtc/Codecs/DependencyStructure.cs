namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// The template dependency structure that a key frame's dependency descriptor carries (AV1 RTP specification, appendix
/// A.8.3): which layers there are, which frames each decode target needs. Immutable. Frame differences and chains are
/// validated and left: they serve receivers that lose frames.
/// </summary>
public sealed class DependencyStructure
{
    /// <summary>The template id has six bits.</summary>
    public const int MaxTemplates = 64;

    /// <summary>Spatial ids have two bits in AV1, temporal ids three.</summary>
    private const int MaxLayerSpatial = 3;
    private const int MaxLayerTemporal = 7;

    private readonly byte[] _source;
    private readonly (byte Spatial, byte Temporal)[] _layers;
    private readonly DecodeTargetIndications[] _indications;
    private readonly (byte Spatial, byte Temporal)[] _targets;

    private DependencyStructure(
        ReadOnlySpan<byte> source, int templateIdOffset, (byte, byte)[] layers, DecodeTargetIndications[] indications, int targetCount)
    {
        _source = source.ToArray();
        _layers = layers;
        _indications = indications;
        _targets = new (byte, byte)[targetCount];
        TemplateIdOffset = templateIdOffset;
        for (int target = 0; target < targetCount; target++)
            _targets[target] = LayerOf(target);
    }

    public int TemplateIdOffset { get; }

    public int TemplateCount => _layers.Length;

    /// <summary>1 to 32.</summary>
    public int DecodeTargetCount => _targets.Length;

    public int ChainCount { get; private init; }

    /// <summary>1 to 4.</summary>
    public int SpatialLayerCount => _layers[^1].Spatial + 1;

    /// <summary>1 to 8.</summary>
    public int TemporalLayerCount { get; private init; }

    /// <summary>All targets, as a mask.</summary>
    public uint AllTargets => uint.MaxValue >> (32 - DecodeTargetCount);

    /// <summary>Bits of the descriptor up to the end of the structure.</summary>
    internal int EndPosition { get; private init; }

    /// <summary>The highest spatial layer of a decode target.</summary>
    public int SpatialOf(int target) => _targets[target].Spatial;

    /// <summary>The highest temporal layer of a decode target.</summary>
    public int TemporalOf(int target) => _targets[target].Temporal;

    /// <summary>
    /// Tells whether every frame of one target is a frame of the other too, so that a receiver of that one can go on with this one.
    /// </summary>
    public bool Covers(int target, int other)
    {
        foreach (DecodeTargetIndications template in _indications)
        {
            if (template.IsPresentIn(other) && !template.IsPresentIn(target))
                return false;
        }
        return true;
    }

    /// <summary>The best decode target within limits; if there is none, the least one above them.</summary>
    /// <param name="active">Mask of the targets that are produced now.</param>
    /// <param name="maxSpatial">Highest spatial layer wanted.</param>
    /// <param name="maxTemporal">Highest temporal layer wanted.</param>
    public int FindTarget(uint active, int maxSpatial, int maxTemporal)
    {
        uint candidates = (active & AllTargets) == 0 ? AllTargets : active;
        int best = -1, bestRank = int.MinValue;
        for (int target = 0; target < DecodeTargetCount; target++)
        {
            (byte spatial, byte temporal) = _targets[target];
            int height = spatial * (MaxLayerTemporal + 1) + temporal;
            int rank = spatial <= maxSpatial && temporal <= maxTemporal ? height : ~height;
            if ((candidates >> target & 1) != 0 && rank > bestRank)
                (best, bestRank) = (target, rank);
        }
        return best;
    }

    internal bool TryGetTemplate(int templateId, out (byte Spatial, byte Temporal) layer, out DecodeTargetIndications indications)
    {
        int index = (templateId + MaxTemplates - TemplateIdOffset) % MaxTemplates;
        bool found = index < TemplateCount;
        layer = found ? _layers[index] : default;
        indications = found ? _indications[index] : default;
        return found;
    }

    /// <summary>Tells whether a descriptor carries this same structure, which browsers repeat with every key frame.</summary>
    internal bool IsIn(ReadOnlySpan<byte> descriptor) => descriptor[DependencyDescriptor.MandatoryLength..].SequenceEqual(_source);

    /// <param name="descriptor">The whole descriptor.</param>
    /// <param name="position">Bits in front of the structure.</param>
    internal static DependencyStructure? Parse(ReadOnlySpan<byte> descriptor, int position)
    {
        var bits = new BitReader(descriptor, position);
        int offset = (int)bits.Read(6);
        int targetCount = (int)bits.Read(5) + 1;
        if (ReadLayers(ref bits) is not { } layers)
            return null;
        var indications = new DecodeTargetIndications[layers.Length];
        for (int template = 0; template < layers.Length; template++)
        {
            if (!DecodeTargetIndications.TryRead(ref bits, targetCount, out indications[template]))
                return null;
        }
        SkipFrameDifferences(ref bits, layers.Length);
        int chainCount = SkipChains(ref bits, layers.Length, targetCount);
        if (bits.ReadFlag())
            SkipResolutions(ref bits, layers[^1].Spatial + 1);
        if (bits.IsBeyondEnd)
            return null;
        return new DependencyStructure(descriptor[DependencyDescriptor.MandatoryLength..], offset, layers, indications, targetCount)
        {
            ChainCount = chainCount,
            TemporalLayerCount = layers.Max(layer => layer.Temporal) + 1,
            EndPosition = bits.Position,
        };
    }

    /// <summary>template_layers(): each template is in the layer of the one before, or a step up. Null when malformed.</summary>
    private static (byte Spatial, byte Temporal)[]? ReadLayers(ref BitReader bits)
    {
        const uint SameLayer = 0, NextTemporal = 1, NextSpatial = 2;
        Span<(byte Spatial, byte Temporal)> layers = stackalloc (byte, byte)[MaxTemplates];
        (byte Spatial, byte Temporal) layer = default;
        int count = 0;
        while (count < MaxTemplates)
        {
            layers[count++] = layer;
            uint step = bits.Read(2);
            if (bits.IsBeyondEnd)
                return null;
            switch (step)
            {
                case SameLayer:
                    break;
                case NextTemporal:
                    layer.Temporal++;
                    break;
                case NextSpatial:
                    layer = ((byte)(layer.Spatial + 1), 0);
                    break;
                default:
                    return layers[..count].ToArray();
            }
            if (layer.Spatial > MaxLayerSpatial || layer.Temporal > MaxLayerTemporal)
                return null;
        }
        return null;
    }

    /// <summary>template_fdiffs()</summary>
    private static void SkipFrameDifferences(ref BitReader bits, int templateCount)
    {
        for (int template = 0; template < templateCount; template++)
        {
            while (bits.ReadFlag())
                bits.Read(4);
        }
    }

    /// <summary>template_chains()</summary>
    private static int SkipChains(ref BitReader bits, int templateCount, int targetCount)
    {
        int chainCount = bits.ReadNonSymmetric(targetCount + 1);
        if (chainCount == 0)
            return 0;
        for (int target = 0; target < targetCount; target++)
            bits.ReadNonSymmetric(chainCount);
        for (int i = 0; i < templateCount * chainCount; i++)
            bits.Read(4);
        return chainCount;
    }

    /// <summary>render_resolutions()</summary>
    private static void SkipResolutions(ref BitReader bits, int spatialLayerCount)
    {
        for (int i = 0; i < spatialLayerCount; i++)
            bits.Read(32);
    }

    /// <summary>decode_target_layers(): the highest layers of the frames in a target.</summary>
    private (byte Spatial, byte Temporal) LayerOf(int target)
    {
        (byte Spatial, byte Temporal) layer = default;
        for (int template = 0; template < TemplateCount; template++)
        {
            if (_indications[template].IsPresentIn(target))
                layer = (Math.Max(layer.Spatial, _layers[template].Spatial), Math.Max(layer.Temporal, _layers[template].Temporal));
        }
        return layer;
    }
}
