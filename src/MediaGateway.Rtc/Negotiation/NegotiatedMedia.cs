using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>One audio or video section that both sides agreed on.</summary>
public sealed record NegotiatedMedia
{
    public required Mid Mid { get; init; }

    public required MediaKind Kind { get; init; }

    /// <summary>The other side sends and we receive.</summary>
    public required bool Receiving { get; init; }

    public required bool Sending { get; init; }

    /// <summary>Codecs in the negotiated order, the preferred one first; RTX is folded into the codec that it repairs.</summary>
    public required ImmutableArray<RtpCodec> Codecs { get; init; }

    public required HeaderExtensionMap Extensions { get; init; }

    /// <summary>Simulcast encodings we receive, in the sender's order of preference; empty without simulcast.</summary>
    public ImmutableArray<Rid> ReceiveEncodings { get; init; } = [];

    /// <summary>Sources the other side declared; empty when it leaves binding to MID and RID.</summary>
    public ImmutableArray<RemoteSource> RemoteSources { get; init; } = [];

    /// <summary>Source that we send in this section; null when we send nothing.</summary>
    public LocalSource? LocalSource { get; init; }

    /// <summary>
    /// True when what we send carries transport-wide numbers, for which the other side sends feedback: both lines were agreed on, the
    /// <c>extmap</c> and the <c>rtcp-fb</c>, and for video RTX. A packet with a number cannot be sent again as it was.
    /// </summary>
    public bool IsNumbered { get; init; }

    /// <summary>RTCP need not be compound (RFC 5506).</summary>
    public required bool ReducedSizeRtcp { get; init; }

    /// <summary>The other side's <c>a=msid</c> value: stream id, then track id; null when it gave none.</summary>
    public string? RemoteMsid { get; init; }
}
