namespace MediaGateway.Sfu.Speakers;

/// <summary>Loudness of a speaker, as announced.</summary>
/// <param name="Key">Name of the speaker.</param>
/// <param name="Level">Amplitude, 0 to 1; 0 when not active.</param>
/// <param name="Active">Whether it speaks.</param>
public readonly record struct Speaker<TKey>(TKey Key, float Level, bool Active);
