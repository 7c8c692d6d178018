using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Testing.Offers;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>
/// Ten thousand offers of a space of them: each gets an answer that follows the rules, or a refusal that says what to change, from the
/// publisher's and the viewer's side and in a meeting.
/// </summary>
public sealed partial class OfferSpaceTests
{
    /// <summary>Number of offers in an ordinary run; OFFER_SEEDS and OFFER_FIRST_SEED choose others.</summary>
    private const int Seeds = 10_000;

    /// <summary>Sides that one offer is answered from.</summary>
    private const int SidesOfAnOffer = 3;

    private static readonly OrderedDictionary<string, AnswerPolicy> Sides = new()
    {
        ["publisher"] = Policies.Receive,
        ["publisher of the camera"] = Policies.Receive with { MaxAudioSections = 0 },
        ["publisher of the microphone"] = Policies.Receive with { MaxVideoSections = 0 },
        ["viewer of nothing yet"] = Policies.Send,
        ["viewer of VP8 and sound"] =
            Policies.Send with { PreferredCodecs = [Policies.Codec(CodecKind.Vp8), Policies.Codec(CodecKind.Opus)] },
        ["viewer of H264"] = Policies.Send with
        {
            PreferredCodecs = [Policies.Codec(CodecKind.H264, "packetization-mode=1;profile-level-id=42e01f")],
            RequiredKinds = [MediaKind.Video],
        },
        ["participant"] = Policies.Send with
        {
            Direction = MediaDirection.SendReceive,
            RequiredKinds = [],
            MayBeIdle = true,
            AcceptsData = true,
            EstablishedRole = DtlsRole.Server,
            DecideSection = section => new SectionDecision(section.RemoteSends, section.RemoteReceives ? Source(section) : null),
        },
    };

    [Fact]
    public void Every_offer_is_answered_by_the_rules_or_refused_in_words()
    {
        int seeds = int.TryParse(Environment.GetEnvironmentVariable("OFFER_SEEDS"), out int asked) ? asked : Seeds;
        int first = int.TryParse(Environment.GetEnvironmentVariable("OFFER_FIRST_SEED"), out int from) ? from : 0;
        var failures = new ConcurrentBag<string>();
        var outcomes = new ConcurrentDictionary<string, int>();
        Parallel.For(first, first + seeds, seed =>
        {
            foreach ((string side, string outcome, string? failure) in Run(seed))
            {
                outcomes.AddOrUpdate($"{side} {outcome}", 1, (_, count) => count + 1);
                if (failure is not null)
                    failures.Add($"seed {seed}, {side}: {failure}");
            }
        });

        Assert.True(failures.IsEmpty, $"{failures.Count} failed.\n{string.Join('\n', failures.DistinctBy(KindOf).Take(20))}");
        // The space has both in plenty, on every side.
        foreach (string side in Sides.Keys)
        {
            Assert.True(outcomes[side + " answered"] > seeds / 50, side);
            Assert.True(outcomes[side + " refused"] > seeds / 50, side);
        }
    }

    /// <summary>The side and the rule, by which failures are told apart.</summary>
    private static string KindOf(string failure) => failure.Split('\n')[0].Split(", ", 2)[1];

    private static IEnumerable<(string Side, string Outcome, string? Failure)> Run(int seed)
    {
        string text = OfferSpace.Create(seed);
        for (int i = 0; i < SidesOfAnOffer; i++)
        {
            (string side, AnswerPolicy policy) = Sides.GetAt((seed + i) % Sides.Count);
            string outcome = "failed";
            string? failure;
            try
            {
                failure = Run(text, policy, out outcome);
            }
            catch (Exception bug) when (bug is not OutOfMemoryException)
            {
                failure = bug.ToString();
            }
            yield return (side, outcome, failure);
        }
    }

    private static string? Run(string text, AnswerPolicy policy, out string outcome)
    {
        outcome = "refused";
        if (!SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? offer, out SdpError? malformed))
            return SaysWhat().IsMatch(malformed!.ToString()) && malformed.Line <= text.Count(c => c == '\n') + 1 ? null
                : malformed.ToString();
        if (!SessionNegotiator.TryAnswer(offer!, policy, out NegotiatedSession? session, out NegotiationError? unusable))
            return SaysWhat().IsMatch(unusable.ToString()) ? null : unusable.ToString();
        outcome = "answered";
        IReadOnlyList<string> violations = AnswerCheck.Violations(text, session.LocalDescription.ToString());
        if (violations.Count > 0)
            return $"{string.Join("; ", violations)}\n{text}\n{session.LocalDescription}";
        return session.LocalUsernameFragment == policy.Transport.UsernameFragment ? null : "the session has no name";
    }

    private static LocalSource Source(OfferedSection section)
    {
        uint number = 2 * section.Mid.Value.Aggregate(17u, (hash, c) => unchecked((hash * 31) + c));
        return new LocalSource(new Ssrc(number), new Ssrc(number + 1), "cname", "stream", section.Kind.ToString());
    }

    /// <summary>A refusal names the lines that it is about, or the codecs.</summary>
    [GeneratedRegex("[acmosv]=|letter|takes|stream's|carriage return|more than")]
    private static partial Regex SaysWhat();
}
