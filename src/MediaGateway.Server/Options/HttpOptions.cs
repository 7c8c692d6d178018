using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace MediaGateway.Server.Options;

/// <summary>The signaling listener.</summary>
internal sealed partial record HttpOptions
{
    /// <summary>Address and port; empty means the default of the environment (<see cref="OptionsLoader"/>).</summary>
    public string Listen { get; init; } = "";

    /// <summary>Largest request body, bytes.</summary>
    [Range(4096, 1024 * 1024)]
    public int MaxBodyBytes { get; init; } = 64 * 1024;

    /// <summary>Connections held open at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Time a client has to send its request's headers, and over TLS before that to finish the handshake, seconds.</summary>
    [Range(1, 300)]
    public int HeadersTimeoutSeconds { get; init; } = 10;

    /// <summary>Time an idle connection is kept, seconds.</summary>
    [Range(1, 3600)]
    public int KeepAliveTimeoutSeconds { get; init; } = 60;

    /// <summary>Slowest acceptable request body, bytes a second.</summary>
    [Range(1, 1024 * 1024)]
    public int MinBodyBytesPerSecond { get; init; } = 240;

    /// <summary>Path under which a proxy serves the gateway, such as <c>/live</c>; empty for none.</summary>
    public string PathBase { get; init; } = "";

    /// <summary>Proxies, as addresses or CIDR networks, whose X-Forwarded-For, -Proto and -Prefix are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Tells whether a text may be a <see cref="PathBase"/>: segments, each after its slash, and no slash at the end.</summary>
    public static bool IsPathBase(string text) => Segments().IsMatch(text);

    [GeneratedRegex(@"^(/[A-Za-z0-9._~-]+)+\z")]
    private static partial Regex Segments();
}
