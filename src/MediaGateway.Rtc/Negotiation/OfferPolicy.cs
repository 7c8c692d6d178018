using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Contents of an offer that we make.</summary>
public sealed record OfferPolicy
{
    public required LocalTransport Transport { get; init; }

    /// <summary>The <c>o=</c> line's session id, below 2^63 (RFC 9429 section 5.2.1).</summary>
    public required ulong SessionId { get; init; }

    /// <summary>The <c>o=</c> line's version; grows with every description of the session.</summary>
    public ulong SessionVersion { get; init; } = 1;

    /// <summary>
    /// The numbers that the session's offers share, kept by the caller for the session's life; null numbers this offer
    /// alone.
    /// </summary>
    public OfferNumbers? Numbers { get; init; }

    /// <summary>
    /// Sections of the session's earlier offers, kept by the caller for the session's life; null to write every section anew.
    /// </summary>
    public SectionMemory? Sections { get; init; }

    /// <summary>Names a data channel section that stands before all others, and for the bundle; null for none.</summary>
    public Mid? Data { get; init; }

    /// <summary>
    /// The audio and video sections in order, which they keep in later offers (RFC 9429 section 5.2.2). The first in use
    /// stands for the bundle when there is no <see cref="Data"/>.
    /// </summary>
    public required ImmutableArray<OfferedMedia> Media { get; init; }
}
