using System.Text;

namespace MediaGateway.Testing.Offers;

/// <summary>Writing of lines as a text: line ends, spaces, lines that nobody knows, and now and then damage that no client does.</summary>
internal static class OfferWriting
{
    private static readonly string[] UnknownLines =
    [
        "a=x-unknown", "a=x-unknown:value with spaces", "a=:", "a=", "b=AS:2500", "b=TIAS:999999999999", "i=a title", "k=prompt",
        "a=quality:10", "a=framerate:29.97", "a=rtcp:9 IN IP4 0.0.0.0", "a=ice-options:trickle renomination", "a=maxptime:60",
        "a=extmap-allow-mixed", "a=rtcp-mux-only", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz",
        "a=ptime:20", "a=identity:eyJpZHAiOnt9fQ==", "a=label:caf\u00e9", "a=tls-id:abc3de65cddef001be82", "a=sctp-port:99999999999",
    ];

    /// <summary>Values that take the place of a line's: numbers beyond any field, nothing, and text that is none.</summary>
    private static readonly string[] Values =
    [
        "", " ", "-1", "0", "65536", "4294967296", "99999999999999999999", "\u00e9", "%", "a b c d e f g", "~", ";", "=", "*", ":",
    ];

    public static string Write(List<string> lines, Random random)
    {
        for (int unknown = random.Once(3) ? random.Next(6) : 0; unknown > 0; unknown--)
            lines.Insert(random.Next(Math.Min(4, lines.Count), lines.Count + 1), random.Of<string>(UnknownLines));
        if (random.Once(5))
            Damage(lines, random);
        string end = random.Once(3) ? "\n" : "\r\n";
        bool hasSpaces = random.Once(6);
        var text = new StringBuilder();
        foreach (string line in lines)
            text.Append(line).Append(hasSpaces && random.Once(3) ? " " : "").Append(random.Once(400) ? "\n" : end);
        for (int i = random.Once(4) ? random.Next(4) : 0; i > 0; i--)
            text.Append(end);
        if (random.Once(12))
            text.Length -= Math.Min(text.Length, random.Next(40));
        return text.ToString();
    }

    private static void Damage(List<string> lines, Random random)
    {
        for (int damages = random.Next(1, 4); damages > 0 && lines.Count > 1; damages--)
        {
            int at = random.Next(lines.Count);
            switch (random.Next(6))
            {
                case 0:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines.Insert(random.Next(lines.Count), lines[at]);
                    break;
                case 2:
                    (lines[at], lines[0]) = (lines[0], lines[at]);
                    break;
                case 3:
                    lines[at] = lines[at].Split(':')[0] + ":" + random.Of<string>(Values);
                    break;
                case 4:
                    lines[at] = lines[at].Replace(" ", random.Of("  ", "\t", ""), StringComparison.Ordinal);
                    break;
                default:
                    lines[at] += random.Of<string>(Values);
                    break;
            }
        }
    }
}
