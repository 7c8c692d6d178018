using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Rules for what an answer may agree to. The defaults suit WHIP and WHEP: one audio and one video section. A meeting sets
/// <see cref="DecideSection"/> and, for each later offer over the same transport, what is already established.
/// </summary>
public sealed record AnswerPolicy
{
    public required LocalTransport Transport { get; init; }

    /// <summary>The <c>o=</c> line's session id, below 2^63 (RFC 9429 section 5.2.1).</summary>
    public required ulong SessionId { get; init; }

    /// <summary>The <c>o=</c> line's version; grows with every description of the session.</summary>
    public ulong SessionVersion { get; init; } = 1;

    /// <summary>
    /// Direction in which we are willing to let media flow: <see cref="MediaDirection.Receive"/> for WHIP,
    /// <see cref="MediaDirection.Send"/> for WHEP,
    /// both for a meeting.
    /// </summary>
    public required MediaDirection Direction { get; init; }

    /// <summary>
    /// Decides section by section, within <see cref="Direction"/>; null: by <see cref="Direction"/> alone, as WHIP and WHEP do.
    /// Asked once for each section that can be accepted, in the offer's order, also for one that is offered inactive.
    /// </summary>
    public Func<OfferedSection, SectionDecision>? DecideSection { get; init; }

    /// <summary>Further sections are rejected; without effect beside <see cref="DecideSection"/>.</summary>
    public int MaxAudioSections { get; init; } = 1;

    /// <summary>Further sections are rejected; without effect beside <see cref="DecideSection"/>.</summary>
    public int MaxVideoSections { get; init; } = 1;

    /// <summary>True to accept the first data channel section; later ones are rejected in any case.</summary>
    public bool AcceptsData { get; init; }

    /// <summary>Our DTLS role on the living transport; null for the first offer. The role stays (RFC 8842 section 5.5).</summary>
    public DtlsRole? EstablishedRole { get; init; }

    /// <summary>
    /// The other side's fingerprints in the session so far; empty for the first offer. Others would ask for a new DTLS
    /// association (RFC 8842 section 4), which a living transport does not get.
    /// </summary>
    public ImmutableArray<CertificateFingerprint> EstablishedFingerprints { get; init; } = [];

    /// <summary>
    /// Kinds of which at least one has to be served, where they are asked for. A section of codecs that we do not know is rejected and the
    /// others stand (RFC 3264 section 6); one of these kinds whose codecs we know, but none of which fits, fails the negotiation, for its
    /// sender can mend that.
    /// </summary>
    public ImmutableArray<MediaKind> RequiredKinds { get; init; } = [MediaKind.Audio, MediaKind.Video];

    /// <summary>
    /// True to allow an answer in which no media flows, as for a participant who only listens and is alone in the meeting.
    /// </summary>
    public bool MayBeIdle { get; init; }

    public ImmutableArray<CodecKind> AllowedCodecs { get; init; } = NegotiationDefaults.Codecs;

    /// <summary>
    /// Codecs that move to the front of an answer, most wanted first. When we send they are the stream's: a section of
    /// a required kind that has none of them fails. Empty, or none of a kind: no wish.
    /// </summary>
    public ImmutableArray<RtpCodec> PreferredCodecs { get; init; } = [];

    /// <summary>Header extensions we understand from the other side.</summary>
    public ImmutableArray<HeaderExtensionKind> ReceivedExtensions { get; init; } = NegotiationDefaults.ReceivedExtensions;

    /// <summary>Header extensions we can send.</summary>
    public ImmutableArray<HeaderExtensionKind> SentExtensions { get; init; } = NegotiationDefaults.SentExtensions;

    /// <summary>
    /// Gives the source for each section we send in; needed when <see cref="Direction"/> includes sending and there is no
    /// <see cref="DecideSection"/>.
    /// </summary>
    public Func<Mid, MediaKind, LocalSource>? CreateLocalSource { get; init; }
}
