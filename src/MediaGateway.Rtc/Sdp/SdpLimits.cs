namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// Limits on what a remote description may cost us. The defaults have room for a meeting of more than a hundred sections with every
/// codec of a browser in each second one; anything above is refused before it is stored.
/// </summary>
public sealed record SdpLimits
{
    public static readonly SdpLimits Default = new();

    /// <summary>Limits for descriptions that this process wrote itself: none.</summary>
    internal static readonly SdpLimits None = new()
    {
        MaxLength = int.MaxValue,
        MaxLines = int.MaxValue,
        MaxLineLength = int.MaxValue,
        MaxMedia = int.MaxValue,
        MaxAttributes = int.MaxValue,
        MaxSources = int.MaxValue,
        MaxCandidates = int.MaxValue,
    };

    /// <summary>Characters of the whole description.</summary>
    public int MaxLength { get; init; } = 512 * 1024;

    public int MaxLines { get; init; } = 12_000;

    /// <summary>Characters of one line without its end.</summary>
    public int MaxLineLength { get; init; } = 4 * 1024;

    /// <summary><c>m=</c> lines.</summary>
    public int MaxMedia { get; init; } = 256;

    /// <summary>Attributes of one section (session level or one media description).</summary>
    public int MaxAttributes { get; init; } = 512;

    /// <summary>Different SSRCs declared in one section.</summary>
    public int MaxSources { get; init; } = 64;

    /// <summary>ICE candidates of one section that are kept; more are left out.</summary>
    public int MaxCandidates { get; init; } = 32;
}
