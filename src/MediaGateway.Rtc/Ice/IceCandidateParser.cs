using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Ice;

/// <summary>The grammar of the candidate attribute (RFC 8839 section 5.1, RFC 6544 section 4.5), read strictly but for case.</summary>
internal static class IceCandidateParser
{
    private const int MaxLength = 512;
    private const int MaxFoundationLength = 32;
    private const int MaxHostNameLength = 253;
    private const string Prefix = "candidate:";

    private static readonly SearchValues<char> IPv6Chars = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool TryParse(ReadOnlySpan<char> value, [NotNullWhen(true)] out IceCandidate? candidate)
    {
        candidate = null;
        if (value.Length > MaxLength)
            return false;
        ReadOnlySpan<char> rest = value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? value[Prefix.Length..] : value;
        ReadOnlySpan<char> foundation = NextToken(ref rest);
        if (!IsFoundation(foundation)
            || !TryParseNumber(NextToken(ref rest), out uint component) || component is 0 or > 256
            || !TryParseTransport(NextToken(ref rest), out IceTransport transport)
            || !TryParseNumber(NextToken(ref rest), out uint priority)
            || !TryParseEndpoint(NextToken(ref rest), NextToken(ref rest), out TransportAddress address, out string? hostName)
            || !NextToken(ref rest).Equals("typ", StringComparison.OrdinalIgnoreCase)
            || !TryParseType(NextToken(ref rest), out IceCandidateType type))
        {
            return false;
        }
        ParseExtensions(rest, out TransportAddress related, out IceTcpType? tcpType);
        candidate = new IceCandidate
        {
            Foundation = foundation.ToString(),
            Component = (int)component,
            Transport = transport,
            Priority = priority,
            Address = address,
            HostName = hostName,
            Type = type,
            RelatedAddress = related,
            TcpType = transport == IceTransport.Tcp ? tcpType : null,
        };
        return true;
    }

    public static string TextOf(IceTransport transport) => transport == IceTransport.Tcp ? "tcp" : "udp";

    public static string TextOf(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => "host",
        IceCandidateType.ServerReflexive => "srflx",
        IceCandidateType.PeerReflexive => "prflx",
        _ => "relay",
    };

    public static string TextOf(IceTcpType type) => type switch
    {
        IceTcpType.Active => "active",
        IceTcpType.Passive => "passive",
        _ => "so",
    };

    /// <summary>
    /// Related address and <c>tcptype</c> among the name-value pairs; the others must be ignored (RFC 8839 section 5.1).
    /// A related address that is a name or malformed counts as absent: it only informs.
    /// </summary>
    private static void ParseExtensions(ReadOnlySpan<char> rest, out TransportAddress related, out IceTcpType? tcpType)
    {
        ReadOnlySpan<char> address = [], port = [], tcp = [];
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<char> name = NextToken(ref rest);
            ReadOnlySpan<char> text = NextToken(ref rest);
            if (name.Equals("raddr", StringComparison.OrdinalIgnoreCase))
                address = text;
            else if (name.Equals("rport", StringComparison.OrdinalIgnoreCase))
                port = text;
            else if (name.Equals("tcptype", StringComparison.OrdinalIgnoreCase))
                tcp = text;
        }
        if (!TryParseEndpoint(address, port, out related, out string? hostName) || hostName is not null)
            related = default;
        tcpType = tcp.Equals("active", StringComparison.OrdinalIgnoreCase) ? IceTcpType.Active
            : tcp.Equals("passive", StringComparison.OrdinalIgnoreCase) ? IceTcpType.Passive
            : tcp.Equals("so", StringComparison.OrdinalIgnoreCase) ? IceTcpType.SimultaneousOpen
            : null;
    }

    private static ReadOnlySpan<char> NextToken(scoped ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        int end = rest.IndexOf(' ');
        ReadOnlySpan<char> token = end < 0 ? rest : rest[..end];
        rest = rest[token.Length..].TrimStart(' ');
        return token;
    }

    private static bool IsFoundation(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!IceCredentials.IsIceChar(c))
                return false;
        }
        return text.Length is > 0 and <= MaxFoundationLength;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryParseTransport(ReadOnlySpan<char> text, out IceTransport transport)
    {
        transport = text.Equals("tcp", StringComparison.OrdinalIgnoreCase) ? IceTransport.Tcp : IceTransport.Udp;
        return transport == IceTransport.Tcp || text.Equals("udp", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryParseType(ReadOnlySpan<char> text, out IceCandidateType type)
    {
        for (type = IceCandidateType.Host; type <= IceCandidateType.Relayed; type++)
        {
            if (text.Equals(TextOf(type), StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static bool TryParseEndpoint(
        ReadOnlySpan<char> host, ReadOnlySpan<char> portText, out TransportAddress address, out string? hostName)
    {
        address = default;
        hostName = null;
        if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return false;
        // IPAddress takes more than the grammar: short and hexadecimal IPv4, scopes, brackets. Only the two plain forms pass.
        if (IsPlainIPv6(host) || IsDottedQuad(host))
        {
            if (!IPAddress.TryParse(host, out IPAddress? ip))
                return false;
            address = TransportAddress.From(ip, port);
            return !address.IsNone;
        }
        if (!IsHostName(host))
            return false;
        address = address.WithPort(port);
        hostName = host.ToString();
        return true;
    }

    private static bool IsPlainIPv6(ReadOnlySpan<char> text) =>
        text.Contains(':') && !text.ContainsAnyExcept(IPv6Chars);

    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        int parts = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> part = text[range];
            if (!byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _) || part is ['0', _, ..])
                return false;
            parts++;
        }
        return parts == 4;
    }

    /// <summary>Letters, digits, hyphens and dots, with a letter somewhere: digits alone are a mistyped address.</summary>
    private static bool IsHostName(ReadOnlySpan<char> text)
    {
        bool hasLetter = false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
                return false;
            hasLetter |= char.IsAsciiLetter(c);
        }
        return hasLetter && text.Length <= MaxHostNameLength;
    }
}
