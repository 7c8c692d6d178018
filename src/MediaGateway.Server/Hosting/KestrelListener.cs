using System.Net;
using MediaGateway.Server.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaGateway.Server.Hosting;

/// <summary>Binds Kestrel and bounds what a connection may cost before a request is even read.</summary>
internal static class KestrelListener
{
    private const int MaxHeaderBytes = 16 * 1024;

    /// <summary>A join request carries the client's first offer in its URL.</summary>
    private const int MaxRequestLineBytes = 64 * 1024;

    private static readonly TimeSpan SlowBodyGrace = TimeSpan.FromSeconds(5);

    public static void Configure(KestrelServerOptions kestrel, HttpOptions http, ControlOptions control)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = http.MaxBodyBytes;
        limits.MaxConcurrentConnections = http.MaxConnections;
        // A WebSocket no longer counts as a connection, but as one of these.
        limits.MaxConcurrentUpgradedConnections = http.MaxConnections;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(http.HeadersTimeoutSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(http.KeepAliveTimeoutSeconds);
        limits.MinRequestBodyDataRate = new MinDataRate(http.MinBodyBytesPerSecond, SlowBodyGrace);
        // No TLS here means no ALPN, so each listener speaks one version: gRPC wants HTTP/2, and browsers speak it over TLS only.
        Bind(kestrel, http.Listen, HttpProtocols.Http1);
        if (control.Listen != ControlOptions.None)
            Bind(kestrel, control.Listen, HttpProtocols.Http2);
    }

    private static void Bind(KestrelServerOptions kestrel, string listen, HttpProtocols protocols)
    {
        if (!ListenAddress.TryParse(listen, out ListenAddress? address))
            throw new ArgumentException($"Not validated: {listen}", nameof(listen));
        switch (address.Host)
        {
            case ListenAddress.Any:
                kestrel.ListenAnyIP(address.Port, endpoint => endpoint.Protocols = protocols);
                break;
            case ListenAddress.Localhost:
                kestrel.ListenLocalhost(address.Port, endpoint => endpoint.Protocols = protocols);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(address.Host), address.Port, endpoint => endpoint.Protocols = protocols);
                break;
        }
    }
}
