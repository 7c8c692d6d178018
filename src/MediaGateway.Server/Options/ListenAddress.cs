using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace MediaGateway.Server.Options;

/// <summary>Address to which the signaling listener binds: an address or a name that stands for several, and a port.</summary>
/// <param name="Host"><c>*</c> (every address), <c>localhost</c> (both loopbacks) or an IP address.</param>
/// <param name="Port">TCP port; 0 lets the system choose, not possible with <c>localhost</c>.</param>
internal sealed record ListenAddress(string Host, int Port)
{
    public const string Any = "*";

    public const string Localhost = "localhost";

    public bool IsLoopback => Host == Localhost || (Host != Any && IPAddress.IsLoopback(IPAddress.Parse(Host)));

    /// <summary>A URL under which a client on this machine reaches the listener.</summary>
    public Uri LocalUrl => new($"http://{LocalHost}:{Port.ToString(CultureInfo.InvariantCulture)}/");

    private string LocalHost
    {
        get
        {
            if (Host is Any or Localhost || IPAddress.Parse(Host).Equals(IPAddress.Any))
                return "127.0.0.1";
            IPAddress address = IPAddress.Parse(Host);
            if (address.Equals(IPAddress.IPv6Any))
                return "[::1]";
            return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        }
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return false;
        if (!TryParseHost(text[..colon], out string? host) || (host == Localhost && port == 0))
            return false;
        address = new ListenAddress(host, port);
        return true;
    }

    private static bool TryParseHost(string text, [NotNullWhen(true)] out string? host)
    {
        host = null;
        if (text == Any || text.Equals(Localhost, StringComparison.OrdinalIgnoreCase))
        {
            host = text.ToLowerInvariant();
            return true;
        }
        // An IPv6 address needs its brackets, or its last group could be taken for the port.
        bool bracketed = text.StartsWith('[') && text.EndsWith(']');
        if (text.Contains(':', StringComparison.Ordinal) != bracketed)
            return false;
        if (!IPAddress.TryParse(bracketed ? text[1..^1] : text, out IPAddress? address))
            return false;
        host = address.ToString();
        return true;
    }
}
