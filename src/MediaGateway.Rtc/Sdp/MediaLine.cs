using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>The value of an <c>m=</c> line (RFC 8866 section 5.14).</summary>
internal sealed record MediaLine(string Kind, int Port, string Protocol, ImmutableArray<string> Formats)
{
    public bool IsRtp => Kind is "audio" or "video" && Protocol.Contains("RTP/", StringComparison.Ordinal);

    public static bool TryParse(string value, out MediaLine? media)
    {
        media = null;
        string[] words = value.Split(' ');
        if (words.Length < 4 || words.Any(word => !SdpTokens.IsToken(word)))
            return false;
        SdpTokens.TryCut(words[1], '/', out ReadOnlySpan<char> port, out _);
        if (!SdpTokens.TryParseNumber(port, ushort.MaxValue, out uint number))
            return false;
        var parsed = new MediaLine(words[0], (int)number, words[2], [.. words.AsSpan(3)]);
        if (parsed.IsRtp && !HasDistinctPayloadTypes(parsed.Formats))
            return false;
        media = parsed;
        return true;
    }

    private static bool HasDistinctPayloadTypes(ImmutableArray<string> formats)
    {
        UInt128 seen = 0;
        foreach (string format in formats)
        {
            if (!SdpTokens.TryParsePayloadType(format, out PayloadType payloadType))
                return false;
            UInt128 bit = UInt128.One << payloadType.Value;
            if ((seen & bit) != 0)
                return false;
            seen |= bit;
        }
        return true;
    }
}
