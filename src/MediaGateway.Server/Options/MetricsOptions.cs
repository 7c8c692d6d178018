namespace MediaGateway.Server.Options;

/// <summary>The metrics that Prometheus scrapes.</summary>
internal sealed record MetricsOptions
{
    /// <summary>Value of <see cref="Listen"/> for no listener.</summary>
    public const string None = "none";

    /// <summary>
    /// Address and port that serve /metrics, and nothing else, to everybody who reaches them; <c>none</c> for none. In development mode the
    /// listener of the pages serves it as well.
    /// </summary>
    public string Listen { get; init; } = None;
}
