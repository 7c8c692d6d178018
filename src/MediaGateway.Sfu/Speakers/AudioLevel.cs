namespace MediaGateway.Sfu.Speakers;

/// <summary>
/// Loudness of one audio packet as its sender states it (RFC 6464, section 3): a bit for voice and 7 bits of level in
/// -dBov, 0 the loudest and 127 digital silence.
/// </summary>
/// <param name="Value">The byte of the header extension.</param>
public readonly record struct AudioLevel(byte Value)
{
    private const int Quietest = 127;

    private static readonly float[] LinearLevels = [.. Enumerable.Range(0, Quietest).Select(level => MathF.Pow(10, -level / 20f)), 0];

    /// <summary>Level below overload, in decibels: the less, the louder.</summary>
    public int Decibels => Value & Quietest;

    /// <summary>Amplitude, 0 to 1.</summary>
    public float Linear => LinearLevels[Decibels];

    /// <summary>Reads the header extension. The voice bit is ignored: senders that detect no voice set it always or never.</summary>
    public static bool TryParse(ReadOnlySpan<byte> extension, out AudioLevel level)
    {
        level = extension.Length == 1 ? new AudioLevel(extension[0]) : default;
        return extension.Length == 1;
    }
}
