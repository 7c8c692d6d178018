using System.Collections.Immutable;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>What an offer of ours says.</summary>
public sealed record OfferPolicy
{
    public required LocalTransport Transport { get; init; }

    /// <summary>The <c>o=</c> line's session id, below 2^63 (RFC 9429 section 5.2.1).</summary>
    public required ulong SessionId { get; init; }

    /// <summary>The <c>o=</c> line's version; grows with every description of the session.</summary>
    public ulong SessionVersion { get; init; } = 1;

    /// <summary>The sections in order; the first stands for the bundle.</summary>
    public required ImmutableArray<OfferedMedia> Media { get; init; }
}
