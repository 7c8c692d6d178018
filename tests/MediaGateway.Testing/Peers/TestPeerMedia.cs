using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Testing.Peers;

/// <summary>The sound and the picture that a <see cref="TestPeer"/> offers.</summary>
/// <param name="Direction">Send or receive.</param>
/// <param name="VideoCodecs">Most wanted first.</param>
public sealed record TestPeerMedia(MediaDirection Direction, ImmutableArray<CodecKind> VideoCodecs)
{
    /// <summary>RTX (RFC 4588) is offered for video.</summary>
    public bool Retransmission { get; init; } = true;

    /// <summary>
    /// Time between two reports of transport-wide feedback, whose lines are offered in each section; null to offer none.
    /// </summary>
    public TimeSpan? FeedbackInterval { get; init; }

    /// <summary>True to offer an estimate of its own for the picture (<c>goog-remb</c>), with the time of sending that it needs.</summary>
    public bool HasMaximum { get; init; }

    /// <summary>Simulcast encodings of the picture that is sent; empty without simulcast.</summary>
    public ImmutableArray<Rid> Rids { get; init; } = [];
}
