using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>Bounds and the beginning of an estimate of what a path carries.</summary>
internal sealed record EstimatorOptions
{
    public static readonly EstimatorOptions Default = new();

    /// <summary>Least estimate: sound at its lowest rate.</summary>
    public Bitrate Floor { get; init; } = new(30_000);

    /// <summary>Greatest estimate, such as an operator's limit for each viewer.</summary>
    public Bitrate Maximum { get; init; } = new(200_000_000);

    /// <summary>Estimate of a path of which nothing is known.</summary>
    public Bitrate Start { get; init; } = new(1_000_000);

    /// <summary>Last good estimate of the same path, of which three quarters are believed; null when there is none.</summary>
    public Bitrate? Initial { get; init; }
}
