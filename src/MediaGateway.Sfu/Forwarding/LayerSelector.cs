using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// Decides at the start of each frame which layers of the current encoding pass from there on: down as soon as what
/// was sent suffices, up where the publisher marks that it can be done, else at the next key frame. Until then
/// the old choice goes on, so nothing freezes.
/// </summary>
internal sealed class LayerSelector
{
    /// <summary>Number of frames without a mark to go up by after which the sender is taken for one that sets none.</summary>
    private const int Patience = 64;

    private int _maxSpatial = int.MaxValue;
    private int _maxTemporal = int.MaxValue;
    private int _framesWaited;

    public LayerFilter Current { get; private set; } = LayerFilter.All;

    /// <summary>True when only a key frame brings the layers that are wanted.</summary>
    public bool NeedsKeyFrame { get; private set; }

    /// <summary>True when nothing passes between key frames, or nothing did and the next one is waited for.</summary>
    public bool PicksKeyFrames => _maxTemporal == MaxLayers.KeyFrames || Current.MaxTemporal == MaxLayers.KeyFrames;

    /// <summary>True when the lowest temporal layer has to do, whatever the limits: the encoding is to be left soon.</summary>
    public bool IsThinned { get; set; }

    /// <summary>The highest temporal layer that passes in a picture of which any does.</summary>
    private int MaxTemporal => IsThinned ? 0 : Math.Max(_maxTemporal, 0);

    /// <summary>Sets the highest layers. They take effect from the next frames on, as those allow.</summary>
    public void SetLimits(int maxSpatial, int maxTemporal)
    {
        if ((maxSpatial, maxTemporal) == (_maxSpatial, _maxTemporal))
            return;
        (_maxSpatial, _maxTemporal) = (maxSpatial, maxTemporal);
        _framesWaited = 0;
    }

    /// <summary>Begins at a key frame: all that is wanted passes from there on.</summary>
    public LayerFilter Begin(in FrameLayers keyFrame)
    {
        NeedsKeyFrame = false;
        _framesWaited = 0;
        Current = keyFrame.Structure is { } structure
            ? LayerFilter.Of(structure, TargetIn(structure, keyFrame))
            : new LayerFilter(_maxSpatial, MaxTemporal, null, 0);
        return Current;
    }

    /// <summary>
    /// Tells whether the filter changes at a frame. To be asked at the first packet of each frame that tells its layers, in order; at every
    /// packet while it <see cref="PicksKeyFrames"/>.
    /// </summary>
    /// <param name="layers">The layers of the frame.</param>
    /// <param name="startsPicture">Whether the frame is the first of its picture.</param>
    public bool TryChange(in FrameLayers layers, bool startsPicture)
    {
        LayerFilter before = Current;
        if (PicksKeyFrames)
            PickKeyFrame(layers, startsPicture);
        else if (layers.StartsKeyFrame)
            Begin(layers);
        else if (layers.Structure is { } structure)
            ChangeTarget(structure, layers, startsPicture);
        else if (Current.Structure is null && startsPicture)
            ChangeLayers(layers);
        return Current != before;
    }

    /// <summary>A key frame passes whole, whatever its parts are; what comes after it does not, or does again from it on.</summary>
    private void PickKeyFrame(in FrameLayers layers, bool startsPicture)
    {
        if (layers.StartsKeyFrame)
            Begin(layers);
        else if (startsPicture && _maxTemporal == MaxLayers.KeyFrames)
            Current = Current with { MaxTemporal = MaxLayers.KeyFrames };
        NeedsKeyFrame = _maxTemporal != MaxLayers.KeyFrames && Current.MaxTemporal == MaxLayers.KeyFrames;
    }

    private int TargetIn(DependencyStructure structure, in FrameLayers layers) =>
        structure.FindTarget(layers.ActiveDecodeTargets, _maxSpatial, MaxTemporal);

    private void ChangeTarget(DependencyStructure structure, in FrameLayers layers, bool startsPicture)
    {
        int wanted = TargetIn(structure, layers);
        if (Current.Structure != structure)
        {
            // The key frame's first packet came late, or never told its structure: all that came meanwhile has passed.
            if (startsPicture)
                Current = LayerFilter.Of(structure, wanted);
            return;
        }
        int now = Current.DecodeTarget;
        NeedsKeyFrame = false;
        if (wanted == now)
            return;
        bool sameSpatial = structure.SpatialOf(wanted) == structure.SpatialOf(now);
        bool covered = structure.Covers(now, wanted);
        bool switches = Current.Admits(layers) && layers.Indications[wanted] == DecodeTargetIndication.Switch;
        if ((covered || switches) && (sameSpatial || startsPicture))
        {
            Current = LayerFilter.Of(structure, wanted);
            _framesWaited = 0;
        }
        else if (!covered)
        {
            NeedsKeyFrame = !sameSpatial || ++_framesWaited > Patience;
        }
    }

    private void ChangeLayers(in FrameLayers layers)
    {
        int spatial = Math.Min(Current.MaxSpatial, _maxSpatial);
        int maxTemporal = MaxTemporal, temporal = Math.Min(Current.MaxTemporal, maxTemporal);
        if (maxTemporal > temporal && MaySwitchUp(layers, temporal, out int reached))
        {
            temporal = Math.Min(reached, maxTemporal);
            _framesWaited = 0;
        }
        else if (maxTemporal > temporal && layers.Temporal > temporal)
        {
            _framesWaited++;
        }
        Current = new LayerFilter(spatial, temporal, null, 0);
        NeedsKeyFrame = _maxSpatial > spatial || _framesWaited > Patience;
    }

    /// <summary>Computes how far up the temporal layers may go at a frame.</summary>
    private static bool MaySwitchUp(in FrameLayers layers, int temporal, out int reached)
    {
        // VP9: no later picture of a higher layer depends on what was left out before (RFC 9628 section 4.2, U).
        // VP8: this frame depends on the base layer only (RFC 7741 section 4.2, Y); of others of its layer nothing is
        // said, so layers come one by one.
        reached = layers.Codec == CodecKind.Vp9 ? int.MaxValue : temporal + 1;
        return layers.IsSwitchingUpPoint && (layers.Codec == CodecKind.Vp9 ? layers.Temporal <= temporal : layers.Temporal == temporal + 1);
    }
}
