namespace MediaGateway.Testing.Offers;

/// <summary>The rules of one accepted audio or video section.</summary>
internal static class RtpAnswerCheck
{
    public static void Check(
        PlainDescription offer, PlainSection offered, PlainDescription answer, PlainSection answered, Action<bool, string> expect)
    {
        expect(answered.Has("rtcp-mux") && offered.Has("rtcp-mux"), "a=rtcp-mux on both sides (RFC 9143 section 9.3)");
        expect(!answered.Has("rtcp-rsize") || offered.Has("rtcp-rsize"), "a=rtcp-rsize was offered (RFC 5506 section 5)");
        expect(!answered.Has("extmap-allow-mixed") || offered.Has("extmap-allow-mixed"), "a=extmap-allow-mixed was offered");
        string direction = answer.DirectionOf(answered);
        CheckDirection(offer.DirectionOf(offered), direction, expect);
        CheckFormats(offered, answered, expect);
        CheckExtensions(offered, answered, expect);
        CheckSimulcast(offered, answered, expect);
        bool sends = direction.StartsWith("send", StringComparison.Ordinal);
        expect(sends == answered.Has("ssrc") && sends == answered.Has("msid"), "sources of what is sent, and only of that (RFC 8830)");
    }

    private static void CheckDirection(string offered, string answered, Action<bool, string> expect)
    {
        bool receives = answered is "sendrecv" or "recvonly", sends = answered is "sendrecv" or "sendonly";
        expect(!receives || offered is "sendrecv" or "sendonly", $"{answered} answers {offered} (RFC 3264 section 6.1)");
        expect(!sends || offered is "sendrecv" or "recvonly", $"{answered} answers {offered} (RFC 3264 section 6.1)");
    }

    private static void CheckFormats(PlainSection offered, PlainSection answered, Action<bool, string> expect)
    {
        string[] formats = answered.Formats;
        expect(formats.Length > 0 && formats.Distinct().Count() == formats.Length, "distinct formats");
        expect(formats.All(offered.Formats.Contains), "formats were offered (RFC 3264 section 6.1)");
        ILookup<string, string> asked = offered.Encodings, encodings = answered.Encodings;
        expect(formats.All(format => encodings[format].Count() == 1), "an a=rtpmap for each format");
        expect(encodings.All(encoding => formats.Contains(encoding.Key)), "no a=rtpmap beside the formats");
        expect(formats.All(format => asked[format].Any(other => encodings[format].Any(own => IsSame(other, own)))),
            "a=rtpmap is the offer's (RFC 3264 section 6.1)");
        expect(answered.Pairs("fmtp").All(pair => formats.Contains(pair.Number) && pair.Value.Length > 0), "a=fmtp is of a format");
        string[] described = [.. answered.Pairs("fmtp").Select(pair => pair.Number)];
        expect(described.Distinct().Count() == described.Length, "one a=fmtp for a format (RFC 8866 section 6.15)");
        expect(answered.Pairs("fmtp").All(pair => !pair.Value.StartsWith("apt=", StringComparison.Ordinal)
            || formats.Contains(pair.Value["apt=".Length..])), "retransmission of a format (RFC 4588 section 8.6)");
        (string Number, string Value)[] feedback = [.. offered.Pairs("rtcp-fb")];
        expect(answered.Pairs("rtcp-fb").All(pair => formats.Contains(pair.Number) && feedback.Any(other =>
            (other.Number == "*" || other.Number == pair.Number)
            && other.Value.Trim().Equals(pair.Value, StringComparison.OrdinalIgnoreCase))),
            "a=rtcp-fb was offered (RFC 4585 section 4.2)");
    }

    private static bool IsSame(string offered, string answered)
    {
        string[] one = offered.Split('/'), other = answered.Split('/');
        return one[0].Equals(other[0], StringComparison.OrdinalIgnoreCase) && one[1] == other[1]
            && (one.Length == other.Length ? one.SequenceEqual(other, StringComparer.OrdinalIgnoreCase) : other.Length == 2);
    }

    private static void CheckExtensions(PlainSection offered, PlainSection answered, Action<bool, string> expect)
    {
        (string, string)[] asked = [.. offered.Extensions.Select(extension => (extension.Id, extension.Uri))];
        (string Id, string Uri, string? Direction)[] extensions = [.. answered.Extensions];
        expect(extensions.All(extension => asked.Contains((extension.Id, extension.Uri))), "a=extmap was offered (RFC 8285 section 5)");
        expect(extensions.Select(extension => extension.Id).Distinct().Count() == extensions.Length, "an id is one extension");
        expect(extensions.Select(extension => extension.Uri).Distinct().Count() == extensions.Length, "an extension has one id");
        expect(extensions.All(extension => int.TryParse(extension.Id, out int id) && id is > 0 and < 256 and not 15), "ids of packets");
    }

    private static void CheckSimulcast(PlainSection offered, PlainSection answered, Action<bool, string> expect)
    {
        string[] simulcast = [.. answered.Values("simulcast")];
        string[] rids = [.. answered.Pairs("rid").Select(pair => pair.Number)];
        expect(simulcast.Length <= 1 && (simulcast.Length == 1) == (rids.Length > 0), "a=rid and a=simulcast go together (RFC 8853)");
        expect(rids.Distinct().Count() == rids.Length, "an a=rid each");
        expect(simulcast.All(value => value == "recv " + string.Join(';', rids)), "a=simulcast names the a=rid lines");
        expect(rids.All(rid => offered.Values("rid").Any(value => value.StartsWith(rid + " send", StringComparison.Ordinal))),
            "what is received was offered (RFC 8853 section 5.3.2)");
        expect(answered.Pairs("rid").All(pair => pair.Value.StartsWith("recv", StringComparison.Ordinal)), "a=rid says recv");
    }
}
