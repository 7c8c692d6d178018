using System.Text.RegularExpressions;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Testing.Offers;
using MediaGateway.Testing.Repository;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>The table of what is taken of an offer (docs/signaling.md) says what happens to an offer of each row.</summary>
public sealed partial class ToleranceDocumentTests
{
    private static readonly string Usual = Offers.Session("a=group:BUNDLE 0 1\n")
        + Offers.Audio("0", "a=sendonly\na=ssrc:1 cname:c\n" + Offers.Opus)
        + Offers.Video("1", "a=sendonly\na=ssrc:2 cname:c\na=extmap:4 urn:3gpp:video-orientation\n" + Offers.Vp8);

    private static readonly string VideoAlone = Offers.Session("a=group:BUNDLE 1\n") + Offers.Video("1", "a=sendonly\n" + Offers.Vp8);

    /// <summary>An offer for each row, by the beginning of what the row says.</summary>
    private static readonly Dictionary<string, string> Rows = new()
    {
        ["a section with port 0"] = With("m=audio 9", "m=audio 0"),
        ["a section of a kind that the token"] = Usual,
        ["a section without a codec"] = With("opus/48000/2", "PCMU/8000"),
        ["a section whose codecs it knows"] = With("opus/48000/2", "opus/48000"),
        ["two codecs under one payload type"] = With("111\n", "111 9\n",
            "a=rtpmap:111", "a=rtpmap:9 G722/8000\na=rtpmap:9 PCMU/8000\na=rtpmap:111"),
        ["a payload type that is another"] =
            With("SAVPF 96", "SAVPF 111 96", "a=rtpmap:96", "a=rtpmap:111 VP9/90000\na=rtpmap:96"),
        ["an id of `a=extmap`"] = With("a=rtpmap:111", "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=rtpmap:111"),
        ["an SSRC that an earlier"] = With("a=ssrc:2", "a=ssrc:1"),
        ["one section in use, without `a=group:BUNDLE` |"] = VideoAlone.Replace("a=group:BUNDLE 1\n", "", StringComparison.Ordinal),
        ["one section in use, without `a=group:BUNDLE` and `a=mid`"] = VideoAlone
            .Replace("a=group:BUNDLE 1\n", "", StringComparison.Ordinal).Replace("a=mid:1\n", "", StringComparison.Ordinal),
        ["two sections in use without"] = With("a=group:BUNDLE 0 1\n", ""),
        ["a section that `a=group:BUNDLE` does not name"] = With("BUNDLE 0 1", "BUNDLE 1"),
        ["several `a=fmtp` lines"] = With("a=rtpmap:96", "a=fmtp:96 max-fr=30\na=fmtp:96 x-google-max-bitrate=2500\na=rtpmap:96"),
        ["a third field of a video codec"] = With("VP8/90000", "VP8/90000/1"),
        ["`-`, `_`, `=` and `#`"] = With("a=ice-ufrag:abcd", "a=ice-ufrag:a-b_c=#"),
        ["more than 32 candidates"] = With("a=rtpmap:96", string.Concat(Enumerable.Range(0, 50)
            .Select(number => $"a=candidate:{number} 1 udp 1 192.0.2.{number} 9 typ host\n")) + "a=rtpmap:96"),
        ["`a=candidate:` without a value"] = With("a=rtpmap:96", "a=candidate:\na=candidate:\u00fc\na=rtpmap:96"),
        ["`a=ice-ufrag`, `a=ice-pwd`, `a=fingerprint` and `a=setup` above"] =
            With(Offers.Transport, "", "a=group", Offers.Transport + "a=group"),
        ["no `a=setup`"] = With("a=setup:actpass\n", ""),
        ["no `a=sendrecv`"] = With("a=sendonly\n", ""),
        ["spaces at the end"] = With("SAVPF 96\n", "SAVPF 96 \n", "a=mid:1\n", "a=mid:1 \n"),
        ["LF for CRLF"] = With("t=0 0\n", "") + "\n\n",
        ["a byte order mark"] = "\uFEFF" + Usual.Replace("\n", "\r\r\n", StringComparison.Ordinal),
        ["`UDP/TLS/RTP/SAVP`"] = With("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
        ["another protocol"] = With("audio 9 UDP/TLS/RTP/SAVPF", "audio 9 RTP/X"),
        ["attributes that nobody knows"] = With("a=rtpmap:96", "a=x-unknown:1\na=rtpmap:96"),
        ["a line whose letter"] = With("a=rtpmap:96", "x=1\na=rtpmap:96"),
        ["`a=mid`, `a=ice-ufrag`"] = With("a=mid:1\n", "a=mid:1\na=mid:2\n"),
        ["no `a=rtcp-mux`"] = With("a=rtcp-mux\n", ""),
        ["no `a=fingerprint`"] = With("a=fingerprint:sha-256", "a=fingerprint:sha-1"),
    };

    [Fact]
    public void Table_has_a_case_for_each_row_and_says_what_becomes_of_it()
    {
        string page = File.ReadAllText(RepositoryFiles.PathOf("docs/signaling.md"));
        int start = page.IndexOf("| In an offer |", StringComparison.Ordinal);
        int end = page.IndexOf("## Access tokens", StringComparison.Ordinal);
        List<string> left = [.. Rows.Keys];
        foreach (Match row in Row().Matches(page[start..end]).Skip(2))
        {
            string key = Rows.Keys.Where(what => row.Value[2..].StartsWith(what, StringComparison.Ordinal)).MaxBy(what => what.Length)
                ?? throw new InvalidOperationException($"No case for: {row.Value}");
            left.Remove(key);
            AnswerPolicy policy = key.Contains("token", StringComparison.Ordinal) ? Policies.Receive with { MaxAudioSections = 0 }
                : Policies.Receive;
            Assert.True(Is(row.Groups["gets"].Value, Rows[key], policy, out string outcome), $"{row.Value}\nis {outcome}");
        }
        Assert.Empty(left);
    }

    /// <summary>Tells whether an offer gets what a row says.</summary>
    private static bool Is(string gets, string text, AnswerPolicy policy, out string outcome)
    {
        NegotiatedSession? session = null;
        NegotiationError? unusable = null;
        bool parses = SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? offer, out SdpError? malformed);
        if (parses)
            SessionNegotiator.TryAnswer(offer!, policy, out session, out unusable);
        int rejected = session?.LocalDescription.Media.Count(media => media.Port == 0) ?? 0;
        outcome = session is not null ? rejected > 0 ? "section rejected" : "taken"
            : unusable is null ? "400"
            : unusable.Code == NegotiationErrorCode.NoCommonCodec ? "406"
            : "422";
        if (session is not null && AnswerCheck.Violations(text, session.LocalDescription.ToString()) is [var violation, ..])
            outcome = violation;
        string first = gets.Split(';')[0];
        return first.StartsWith(outcome, StringComparison.Ordinal)
            || (outcome == "taken" && first.EndsWith("left out", StringComparison.Ordinal));
    }

    private static string With(params string[] edits)
    {
        string text = Usual;
        for (int i = 0; i < edits.Length; i += 2)
        {
            Assert.Contains(edits[i], text, StringComparison.Ordinal);
            text = text.Replace(edits[i], edits[i + 1], StringComparison.Ordinal);
        }
        return text;
    }

    [GeneratedRegex(@"^\| (?<what>.+?) \| (?<gets>.+?) \| .+ \|$|^\|---.*$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
