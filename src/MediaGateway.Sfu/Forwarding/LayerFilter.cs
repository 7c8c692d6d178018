using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// Filter of the layers of an encoding that pass, from one change to the next. Whether a packet passes, and with which marker, follows
/// from the packet and the filter alone.
/// </summary>
/// <param name="MaxSpatial">Highest spatial layer that passes; <see cref="int.MaxValue"/> for all.</param>
/// <param name="MaxTemporal">
/// Highest temporal layer that passes; <see cref="int.MaxValue"/> for all, <see cref="MaxLayers.KeyFrames"/> between the key frames of
/// who is sent nothing else: then nothing passes.
/// </param>
/// <param name="Structure">
/// The dependency structure of <paramref name="DecodeTarget"/>; null where the codec's descriptor tells layers.
/// </param>
/// <param name="DecodeTarget">The decode target whose frames pass.</param>
public readonly record struct LayerFilter(int MaxSpatial, int MaxTemporal, DependencyStructure? Structure, int DecodeTarget)
{
    public static readonly LayerFilter All = new(int.MaxValue, int.MaxValue, null, 0);

    public static LayerFilter Of(DependencyStructure structure, int decodeTarget) =>
        new(structure.SpatialOf(decodeTarget), structure.TemporalOf(decodeTarget), structure, decodeTarget);

    /// <param name="layers">Read with this filter's <see cref="Structure"/>.</param>
    public bool Admits(in FrameLayers layers)
    {
        if (MaxTemporal == MaxLayers.KeyFrames)
            return false;
        // What tells no layers, or only by a structure that is not known yet, can't be left out without harm.
        if (!layers.HasLayers || layers.Structure != Structure)
            return true;
        return Structure is null
            ? layers.Spatial <= MaxSpatial && layers.Temporal <= MaxTemporal
            : layers.Indications.IsPresentIn(DecodeTarget);
    }

    /// <summary>
    /// Tells whether a picture ends here for who gets no higher layers: the marker stands on its last packet (RFC 9628 section
    /// 4.1, AV1 RTP specification section 4.2).
    /// </summary>
    public bool EndsPicture(in FrameLayers layers) =>
        layers is { HasLayers: true, EndsFrame: true } && layers.Spatial == MaxSpatial && layers.Structure == Structure;
}
