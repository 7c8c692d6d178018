namespace MediaGateway.Sfu.Forwarding;

/// <summary>What a subscriber wants at most. Layers are ranks from 0, the lowest; <see cref="int.MaxValue"/> is all of them.</summary>
/// <param name="Paused">Nothing is to be sent for now.</param>
/// <param name="MaxSpatial">Simulcast encodings by rank; spatial layers where a single encoding is scalable.</param>
/// <param name="MaxTemporal">Temporal layers.</param>
public readonly record struct LayerPreference(bool Paused, int MaxSpatial, int MaxTemporal)
{
    public static readonly LayerPreference Best = new(Paused: false, int.MaxValue, int.MaxValue);

    /// <summary>What is left of it under another one.</summary>
    public LayerPreference Within(in LayerPreference cap) =>
        new(Paused || cap.Paused, Math.Min(MaxSpatial, cap.MaxSpatial), Math.Min(MaxTemporal, cap.MaxTemporal));
}
