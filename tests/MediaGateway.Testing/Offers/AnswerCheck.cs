using System.Globalization;

namespace MediaGateway.Testing.Offers;

/// <summary>
/// Rules of RFC 3264, RFC 9429, RFC 9143, RFC 8829, RFC 8839, RFC 8853 and RFC 8285 for the answer of an ICE-lite gateway with one
/// transport, checked by the texts of both sides alone.
/// </summary>
public sealed class AnswerCheck
{
    private readonly PlainDescription _offer;
    private readonly PlainDescription _answer;
    private readonly List<string> _violations = [];

    private AnswerCheck(string offer, string answer)
    {
        _offer = PlainDescription.Parse(offer);
        _answer = PlainDescription.Parse(answer);
    }

    /// <summary>Each rule that is broken, in words; none when the answer is right.</summary>
    public static IReadOnlyList<string> Violations(string offer, string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var check = new AnswerCheck(offer, answer);
        check.Expect(answer.EndsWith("\r\n", StringComparison.Ordinal)
            && answer.Split("\r\n").SkipLast(1).All(line => line is [_, '=', _, ..] && !line.Contains('\n', StringComparison.Ordinal)),
            "every line is a letter, '=' and a value, and ends in CRLF (RFC 8866 section 5)");
        check.CheckSession();
        check.Expect(check._answer.Sections.Count == check._offer.Sections.Count, "a section for a section (RFC 3264 section 6)");
        if (check._violations.Count == 0)
            check.CheckSections();
        return check._violations;
    }

    private IEnumerable<PlainSection> Accepted => _answer.Sections.Where(section => section.Port != "0");

    private void Expect(bool holds, string rule)
    {
        if (!holds)
            _violations.Add(rule);
    }

    private void CheckSession()
    {
        List<string> lines = _answer.Session.Lines;
        Expect(lines.Count > 4 && lines[0] == "v=0" && lines[1].StartsWith("o=", StringComparison.Ordinal) && lines[2][0] == 's'
            && lines[3] == "t=0 0", "v=, o=, s= and t= in this order (RFC 8866 section 5)");
        string[] origin = lines[1][2..].Split(' ');
        Expect(origin.Length == 6 && ulong.TryParse(origin[1], CultureInfo.InvariantCulture, out ulong id) && id < 1ul << 63
            && ulong.TryParse(origin[2], CultureInfo.InvariantCulture, out _), "o= has a session id below 2^63 (RFC 9429 section 5.2.1)");
        Expect(_answer.Session.Has("ice-lite"), "a=ice-lite (RFC 8839 section 5.3)");
        Expect(!_answer.Session.Has("extmap-allow-mixed") || _offer.Session.Has("extmap-allow-mixed"), "a=extmap-allow-mixed was offered");
    }

    private void CheckSections()
    {
        for (int i = 0; i < _answer.Sections.Count; i++)
        {
            int before = _violations.Count;
            CheckSection(_offer.Sections[i], _answer.Sections[i]);
            for (int broken = before; broken < _violations.Count; broken++)
                _violations[broken] = $"section {i}: {_violations[broken]}";
        }
        Expect(Accepted.Any(), "a section is accepted");
        CheckGroup();
        CheckTransport();
        CheckNumbers();
    }

    private void CheckSection(PlainSection offered, PlainSection answered)
    {
        Expect((answered.Kind, answered.Protocol) == (offered.Kind, offered.Protocol), "kind and protocol are the offer's (RFC 3264)");
        Expect(answered.Mid == offered.Mid, "a=mid is the offer's (RFC 5888 section 9.1)");
        Expect(answered.AllDirections.Count() <= 1, "one direction");
        if (answered.Port == "0")
        {
            Expect(!answered.Has("candidate") && !answered.Has("ice-ufrag"), "a rejected section has no transport");
            return;
        }
        Expect(offered.IsUsed, "what was offered with port 0 stays rejected (RFC 3264 section 6)");
        Expect(answered.Values("ice-ufrag").Count() == 1 && answered.Values("ice-pwd").Count() == 1, "credentials (RFC 8839 section 5.4)");
        Expect(answered.Values("fingerprint").Count() == 1 && answered.Values("setup").Count() == 1, "one fingerprint, one role");
        if (answered.IsRtp)
            RtpAnswerCheck.Check(_offer, offered, _answer, answered, Expect);
        else
            CheckData(offered, answered);
    }

    private void CheckData(PlainSection offered, PlainSection answered)
    {
        Expect(answered.Kind == "application" && answered.Protocol.EndsWith("DTLS/SCTP", StringComparison.Ordinal), "data over SCTP");
        Expect(answered.Formats.Length == 1 && offered.Formats.Contains(answered.Formats[0]), "its format was offered");
        Expect(answered.Has(answered.Formats[0] == "webrtc-datachannel" ? "sctp-port" : "sctpmap"), "its port (RFC 8841 section 5)");
    }

    private void CheckGroup()
    {
        string?[] accepted = [.. Accepted.Select(section => section.Mid)];
        if (_answer.Groups.Count == 0)
        {
            Expect(accepted.Length == 1, "several sections on one transport are a group (RFC 9143)");
            Expect(!_offer.Groups.Any(group => group.Contains(accepted[0])), "an offered group is taken up");
            return;
        }
        Expect(_answer.Groups.Count == 1, "one group");
        string[] group = _answer.Groups[0];
        Expect(group.Order(StringComparer.Ordinal).SequenceEqual(accepted.Order(StringComparer.Ordinal)),
            "the group has the accepted sections and no other (RFC 9143 section 7.3)");
        Expect(_offer.Groups.Any(offered => offered.Distinct().Where(group.Contains).SequenceEqual(group)),
            "the group is part of an offered one, in its order (RFC 9143 section 7.3)");
    }

    private void CheckTransport()
    {
        foreach (string name in (string[])["ice-ufrag", "ice-pwd", "fingerprint", "setup"])
            Expect(Accepted.Select(section => section.Values(name).FirstOrDefault()).Distinct().Count() <= 1, $"one a={name} in all");
        PlainSection? tagged = Accepted.FirstOrDefault(section => _answer.Groups.Count == 0 || section.Mid == _answer.Groups[0][0]);
        Expect(Accepted.All(section => section.Has("candidate") == (section == tagged)),
            "candidates in the section that stands for the group (RFC 9143 section 7.3.3)");
        if (tagged is null)
            return;
        PlainSection asked = _offer.Sections[_answer.Sections.ToList().IndexOf(tagged)];
        string offered = asked.Values("setup").Concat(_offer.Session.Values("setup")).FirstOrDefault("");
        string role = tagged.Values("setup").FirstOrDefault("");
        Expect(role == (offered == "passive" ? "active" : "passive") || (offered == "actpass" && role == "active") || (offered.Length == 0),
            $"a=setup:{role} answers a=setup:{offered} (RFC 5763 section 5)");
    }

    /// <summary>A number means one thing in all sections of a bundle (RFC 9143 section 9.1, RFC 8285 section 5, RFC 3550).</summary>
    private void CheckNumbers()
    {
        Expect(IsOne(Accepted.SelectMany(section => section.Pairs("rtpmap").Select(pair => (pair.Number, pair.Value.ToUpperInvariant())))),
            "a payload type is one codec in all sections");
        Expect(IsOne(Accepted.SelectMany(section => section.Extensions.Select(extension => (extension.Id, extension.Uri)))),
            "an extension id is one extension in all sections");
        string[] sources = [.. Accepted.SelectMany(section => section.Pairs("ssrc").Select(pair => pair.Number).Distinct())];
        Expect(sources.Distinct().Count() == sources.Length, "an SSRC is of one section");
    }

    private static bool IsOne(IEnumerable<(string Number, string Meaning)> meanings) =>
        meanings.Distinct().GroupBy(meaning => meaning.Number).All(group => group.Count() == 1);
}
