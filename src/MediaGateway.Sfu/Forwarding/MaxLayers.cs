namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// The highest layers of a publication that may be sent to one subscriber. Layers are ranks from 0, the lowest;
/// <see cref="int.MaxValue"/> stands for all of them.
/// </summary>
/// <param name="Paused">Whether nothing at all may be sent.</param>
/// <param name="Spatial">The highest simulcast encoding by rank, or the highest spatial layer where a single encoding is scalable.</param>
/// <param name="Temporal">The highest temporal layer; <see cref="KeyFrames"/> for key frames alone.</param>
public readonly record struct MaxLayers(bool Paused, int Spatial, int Temporal)
{
    /// <summary>Step below the lowest temporal layer: whole key frames, and nothing between them.</summary>
    public const int KeyFrames = -1;

    /// <summary>Everything that the publisher sends.</summary>
    public static readonly MaxLayers All = new(Paused: false, int.MaxValue, int.MaxValue);

    /// <summary>Limit that lets no layer pass.</summary>
    public static readonly MaxLayers None = All with { Paused = true };

    /// <summary>The layers that both allow.</summary>
    public MaxLayers Within(in MaxLayers other) =>
        new(Paused || other.Paused, Math.Min(Spatial, other.Spatial), Math.Min(Temporal, other.Temporal));

    /// <summary>Tells whether these allow less than others: a pause weighs most, then the spatial layer, then the temporal one.</summary>
    public bool IsBelow(in MaxLayers other)
    {
        if (Paused != other.Paused)
            return Paused;
        return Spatial != other.Spatial ? Spatial < other.Spatial : Temporal < other.Temporal;
    }
}
