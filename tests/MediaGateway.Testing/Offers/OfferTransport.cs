using System.Globalization;

namespace MediaGateway.Testing.Offers;

/// <summary>Lines of an offer's transport, with made-up values.</summary>
internal sealed class OfferTransport
{
    private const string Characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
    private const string FieldCharacters = Characters + "-_=#";

    public OfferTransport(Random random)
    {
        List<string> lines =
        [
            "a=ice-ufrag:" + Text(random, random.Of(4, 4, 8, 32, 256)),
            "a=ice-pwd:" + Text(random, random.Of(22, 24, 32, 256)),
            "a=fingerprint:" + Fingerprint(random),
            "a=setup:" + random.Of("actpass", "actpass", "actpass", "actpass", "active", "passive"),
        ];
        if (random.Once(60))
            lines[^1] = "a=setup:holdconn";
        if (random.Once(20))
            lines.RemoveAt(random.Of(3, 3, 3, 2, 1, 0));
        if (random.Once(12))
            lines.Add("a=fingerprint:" + Fingerprint(random));
        if (random.Once(4))
            lines.Add("a=ice-options:" + random.Of("trickle", "trickle renomination", "ice2"));
        if (random.Once(4))
            random.Shuffle(lines);
        Lines = lines;
    }

    public IReadOnlyList<string> Lines { get; }

    /// <summary>None, a few, or more than are kept; some cannot be used, and one of them is empty.</summary>
    public static List<string> Candidates(Random random)
    {
        List<string> candidates = [];
        for (int count = random.Of(0, 0, 1, 2, 5, 40, 70); count > 0; count--)
        {
            string number = count.ToString(CultureInfo.InvariantCulture);
            string way = random.Of("udp", "UDP", "tcp"), type = random.Of("host", "srflx raddr 0.0.0.0 rport 0", "relay");
            candidates.Add($"a=candidate:{number} 1 {way} 2130706431 192.0.2.{number} 54321 typ {type}");
        }
        if (candidates.Count > 0 && random.Once(3))
            candidates.Insert(random.Next(candidates.Count), random.Of("a=candidate:", "a=candidate:1 1 udp 1 0d9f-1c3a.local 9 typ host",
                "a=candidate:not one", "a=candidate:1 1 udp 99999999999 2001:db8::1 70000 typ host generation 0", "a=candidate:\u00fc"));
        if (candidates.Count > 0 && random.Once(2))
            candidates.Add("a=end-of-candidates");
        return candidates;
    }

    private static string Text(Random random, int length)
    {
        string characters = random.Once(3) ? FieldCharacters : Characters;
        return string.Create(length, (random, characters), static (text, source) =>
        {
            foreach (ref char character in text)
                character = source.characters[source.random.Next(source.characters.Length)];
        });
    }

    private static string Fingerprint(Random random)
    {
        (string name, int length) = random.Of(("sha-256", 32), ("sha-256", 32), ("sha-256", 32), ("SHA-256", 32), ("sha-384", 48),
            ("sha-512", 64), ("sha-1", 20));
        byte[] hash = new byte[length];
        random.NextBytes(hash);
        string text = string.Join(':', hash.Select(part => part.ToString("X2", CultureInfo.InvariantCulture)));
        return name + " " + (random.Once(8) ? text.ToLowerInvariant() : text);
    }
}
