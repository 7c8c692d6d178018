using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>The value of an <c>m=</c> line (RFC 8866 section 5.14), cut into its words.</summary>
internal readonly ref struct MediaLine
{
    private MediaLine(ReadOnlySpan<char> kind, int port, ReadOnlySpan<char> protocol, ReadOnlySpan<char> formats)
    {
        Kind = kind;
        Port = port;
        Protocol = protocol;
        Formats = formats;
    }

    public ReadOnlySpan<char> Kind { get; }

    public int Port { get; }

    public ReadOnlySpan<char> Protocol { get; }

    /// <summary>One or more words with a space between two.</summary>
    public ReadOnlySpan<char> Formats { get; }

    public bool IsRtp => Kind is "audio" or "video" && Protocol.Contains("RTP/", StringComparison.Ordinal);

    public static bool TryParse(ReadOnlySpan<char> value, out MediaLine media)
    {
        media = default;
        if (!SdpTokens.AreTokens(value)
            || !SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> kind, out ReadOnlySpan<char> rest)
            || !SdpTokens.TryCut(rest, ' ', out ReadOnlySpan<char> ports, out rest)
            || !SdpTokens.TryCut(rest, ' ', out ReadOnlySpan<char> protocol, out ReadOnlySpan<char> formats))
            return false;
        SdpTokens.TryCut(ports, '/', out ReadOnlySpan<char> port, out _);
        if (!SdpTokens.TryParseNumber(port, ushort.MaxValue, out uint number))
            return false;
        var parsed = new MediaLine(kind, (int)number, protocol, formats);
        if (parsed.IsRtp && !HasDistinctPayloadTypes(formats))
            return false;
        media = parsed;
        return true;
    }

    private static bool HasDistinctPayloadTypes(ReadOnlySpan<char> formats)
    {
        UInt128 seen = 0;
        foreach (Range format in formats.Split(' '))
        {
            if (!SdpTokens.TryParsePayloadType(formats[format], out PayloadType payloadType))
                return false;
            UInt128 bit = UInt128.One << payloadType.Value;
            if ((seen & bit) != 0)
                return false;
            seen |= bit;
        }
        return true;
    }
}
