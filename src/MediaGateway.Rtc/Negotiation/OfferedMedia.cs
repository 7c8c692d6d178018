using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>One section of an offer of ours.</summary>
public sealed record OfferedMedia
{
    public required Mid Mid { get; init; }

    public required MediaKind Kind { get; init; }

    /// <summary>
    /// Written with port 0 and without anything else (RFC 9429 section 5.2.2): its line keeps its place, until an offer puts a
    /// section of another name there.
    /// </summary>
    public bool IsStopped { get; init; }

    /// <summary>Ours: <see cref="MediaDirection.Send"/> offers <c>a=sendonly</c>.</summary>
    public required MediaDirection Direction { get; init; }

    /// <summary>
    /// Most wanted first. Their payload types are numbered anew by the offer; a retransmission payload type of any
    /// value asks for RTX.
    /// </summary>
    public required ImmutableArray<RtpCodec> Codecs { get; init; }

    public ImmutableArray<HeaderExtensionKind> Extensions { get; init; } = [];

    /// <summary>Source that we send in the section; null when the direction does not include sending.</summary>
    public LocalSource? Source { get; init; }
}
