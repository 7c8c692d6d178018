using System.ComponentModel.DataAnnotations;

namespace MediaGateway.Server.Options;

/// <summary>Caps on what clients may hold and ask for.</summary>
internal sealed record LimitsOptions
{
    /// <summary>Peers of the whole process, publishers and viewers.</summary>
    [Range(1, 1_000_000)]
    public int MaxPeers { get; init; } = 10_000;

    /// <summary>Peers whose DTLS handshake has not finished.</summary>
    [Range(1, 1_000_000)]
    public int MaxHalfOpenPeers { get; init; } = 1_000;

    /// <summary>Such peers from one source: an IPv4 address or an IPv6 /64.</summary>
    [Range(1, 1_000_000)]
    public int MaxHalfOpenPeersPerSource { get; init; } = 100;

    [Range(1, 1_000_000)]
    public int MaxStreams { get; init; } = 1_000;

    [Range(1, 1_000_000)]
    public int MaxViewersPerStream { get; init; } = 5_000;

    /// <summary>Sustained WHIP and WHEP POST and PATCH requests a second from one source.</summary>
    [Range(1, 1_000_000)]
    public int HttpRequestsPerSecondPerSource { get; init; } = 20;

    /// <summary>Requests one source may make at once before the rate above applies.</summary>
    [Range(1, 1_000_000)]
    public int HttpBurstPerSource { get; init; } = 100;
}
