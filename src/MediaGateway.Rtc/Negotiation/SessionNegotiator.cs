using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Offer and answer (RFC 3264, RFC 9429) for a gateway: one BUNDLE transport with rtcp-mux, ICE, DTLS-SRTP, and the
/// codecs it can forward. Pure: a description and a policy go in, a decision comes out.
/// </summary>
public static class SessionNegotiator
{
    /// <summary>
    /// Answers an offer, the first or a later one over the same transport; the answer is the session's local description.
    /// </summary>
    /// <exception cref="ArgumentException">The policy sends, but gives no sources.</exception>
    public static bool TryAnswer(SessionDescription offer, AnswerPolicy policy, [NotNullWhen(true)] out NegotiatedSession? session,
        [NotNullWhen(false)] out NegotiationError? error)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(policy);
        if ((policy.Direction & MediaDirection.Send) != 0 && policy.CreateLocalSource is null && policy.DecideSection is null)
            throw new ArgumentException("A policy that sends needs CreateLocalSource or DecideSection.", nameof(policy));
        return new Answerer(offer, policy).TryAnswer(out session, out error);
    }

    /// <summary>
    /// Tells whether an offer restarts ICE (RFC 8839 section 4.4.3.1.1), in which case the answer needs new credentials of ours too.
    /// An offer that changes only one of the two credentials counts as well: the RFC forbids it, but the old pair is gone either way.
    /// </summary>
    /// <param name="current">The session as it stands.</param>
    /// <param name="offer">A later offer of the other side.</param>
    public static bool IsIceRestart(NegotiatedSession current, SessionDescription offer)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(offer);
        return RemoteTransport.TryRead(offer) is { Ice: { } ice }
            && (ice.UsernameFragment != current.Ice.UsernameFragment || ice.Password != current.Ice.Password);
    }

    /// <summary>
    /// Writes an offer, the first or a later one: payload types from 96, header extension ids from 1, <c>a=setup:actpass</c>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// More codecs than payload types, redundancy without Opus, two sections of one name, or none in use.
    /// </exception>
    public static SessionDescription CreateOffer(OfferPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new OfferWriter(policy).Write();
    }

    /// <summary>Takes the answer to the first offer of ours.</summary>
    public static bool TryAcceptAnswer(SessionDescription offer, SessionDescription answer,
        [NotNullWhen(true)] out NegotiatedSession? session, [NotNullWhen(false)] out NegotiationError? error) =>
        TryAcceptAnswer(offer, answer, established: null, sections: null, out session, out error);

    /// <summary>Takes the answer to a later offer of ours; <paramref name="established"/> is the session before it.</summary>
    public static bool TryAcceptAnswer(
        SessionDescription offer, SessionDescription answer, NegotiatedSession? established,
        [NotNullWhen(true)] out NegotiatedSession? session, [NotNullWhen(false)] out NegotiationError? error) =>
        TryAcceptAnswer(offer, answer, established, sections: null, out session, out error);

    /// <summary>Takes the answer to an offer of ours.</summary>
    /// <param name="offer">What we offered.</param>
    /// <param name="answer">What came back.</param>
    /// <param name="established">
    /// The session before a later offer, whose DTLS association stays (RFC 8842 section 5.5); null for the first.
    /// </param>
    /// <param name="sections">
    /// What is known of the session's sections, as <see cref="OfferPolicy.Sections"/>; null reads everything anew.
    /// </param>
    /// <param name="session">The session from now on.</param>
    /// <param name="error">Why not.</param>
    public static bool TryAcceptAnswer(
        SessionDescription offer,
        SessionDescription answer,
        NegotiatedSession? established,
        SectionMemory? sections,
        [NotNullWhen(true)] out NegotiatedSession? session,
        [NotNullWhen(false)] out NegotiationError? error)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(answer);
        return new AnswerAcceptance(offer, answer, established, sections).TryAccept(out session, out error);
    }

    /// <summary>
    /// Answers an ICE restart (RFC 9725 section 4.3.3). The other side has to change both its user name fragment and its
    /// password (RFC 8839 section 4.4.1.1.1).
    /// </summary>
    /// <param name="session">The session as it stands.</param>
    /// <param name="request">The body of the PATCH.</param>
    /// <param name="transport">Our new credentials and candidates.</param>
    /// <param name="answer">The session from now on, and the body of the response.</param>
    /// <param name="error">Why not.</param>
    public static bool TryRestart(
        NegotiatedSession session, SdpFragment request, LocalTransport transport, [NotNullWhen(true)] out RestartAnswer? answer,
        [NotNullWhen(false)] out NegotiationError? error)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(transport);
        answer = null;
        error = null;
        if (request.UsernameFragment is not { } usernameFragment || request.Password is not { } password)
            error = new NegotiationError(NegotiationErrorCode.IceCredentialsRequired, null,
                "An ICE restart needs a=ice-ufrag and a=ice-pwd.");
        else if (usernameFragment == session.Ice.UsernameFragment || password == session.Ice.Password)
            error = new NegotiationError(NegotiationErrorCode.IceNotRestarted, null,
                "An ICE restart changes both a=ice-ufrag and a=ice-pwd.");
        else
        {
            var ice = new RemoteIce(usernameFragment, password, [.. request.TrickledCandidates.Select(candidate => candidate.Value)],
                session.Ice.IsLite);
            answer = new RestartAnswer(session with { Ice = ice }, RestartFragment(session, transport));
        }
        return answer is not null;
    }

    private static SdpFragment RestartFragment(NegotiatedSession session, LocalTransport transport)
    {
        SessionDescription local = session.LocalDescription;
        SharedTransport shared = SharedTransport.Of(local)!;
        MediaDescription section = SharedTransport.Find(local, shared.TaggedOf(session.Mids))!;
        SdpWriter writer = new SdpWriter().IceSession(transport);
        if (shared.IsGroup)
            writer.Attribute("group", local.Bundle!.ToString());
        writer.Line(section.Lines[0].Whole);
        if (section.Mid is { } mid)
            writer.Attribute("mid", mid.Value);
        return writer
            .Credentials(transport)
            .Candidates(transport)
            .ToFragment();
    }
}
