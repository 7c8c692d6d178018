using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using MediaGateway.Server.Observability;
using MediaGateway.Server.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MediaGateway.Server.Hosting;

/// <summary>Binds Kestrel and bounds what a connection may cost before a request is even read.</summary>
internal static class KestrelListener
{
    private const int MaxHeaderBytes = 16 * 1024;

    /// <summary>A join request carries the client's first offer in its URL.</summary>
    private const int MaxRequestLineBytes = 64 * 1024;

    private static readonly TimeSpan SlowBodyGrace = TimeSpan.FromSeconds(5);

    public static void Configure(KestrelServerOptions kestrel, GatewayOptions options)
    {
        HttpOptions http = options.Http;
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        // Whoever reads a body bounds it, and what nobody reads is bounded by LingeringClose. Kestrel would close the connection at once.
        limits.MaxRequestBodySize = null;
        // A WebSocket no longer counts as a connection, but as one that is upgraded: both have a descriptor.
        int connections = Math.Clamp((OpenFiles.SpareConnections() ?? int.MaxValue) / 2, 1, http.MaxConnections);
        limits.MaxConcurrentConnections = connections;
        limits.MaxConcurrentUpgradedConnections = connections;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(http.HeadersTimeoutSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(http.KeepAliveTimeoutSeconds);
        limits.MinRequestBodyDataRate = new MinDataRate(http.MinBodyBytesPerSecond, SlowBodyGrace);
        // Without TLS there is no ALPN, so each listener speaks one version: gRPC wants HTTP/2, which browsers speak over TLS only.
        Bind(kestrel, http.Listen, options.Tls, HttpProtocols.Http1);
        if (options.Control.Listen != ControlOptions.None)
            Bind(kestrel, options.Control.Listen, options.Tls, HttpProtocols.Http2, ControlListener.Mark);
        if (options.Control.WebListen != ControlOptions.None)
            Bind(kestrel, options.Control.WebListen, options.Tls, HttpProtocols.Http1, ControlListener.Mark);
        if (options.Metrics.Listen != MetricsOptions.None)
            Bind(kestrel, options.Metrics.Listen, options.Tls, HttpProtocols.Http1, MetricsEndpoint.Mark);
    }

    private static void Bind(KestrelServerOptions kestrel, string listen, TlsOptions tls, HttpProtocols withoutTls,
        Action<ListenOptions>? mark = null)
    {
        if (!ListenAddress.TryParse(listen, out ListenAddress? address))
            throw new ArgumentException($"Not validated: {listen}", nameof(listen));
        switch (address.Host)
        {
            case ListenAddress.Any:
                kestrel.ListenAnyIP(address.Port, Configure);
                break;
            case ListenAddress.Localhost:
                kestrel.ListenLocalhost(address.Port, Configure);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(address.Host), address.Port, Configure);
                break;
        }

        void Configure(ListenOptions endpoint)
        {
            mark?.Invoke(endpoint);
            endpoint.Protocols = tls.IsOn ? HttpProtocols.Http1AndHttp2 : withoutTls;
            if (!tls.IsOn)
                return;
            ServerCertificate certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
            endpoint.UseHttps(new TlsHandshakeCallbackOptions
            {
                // Somebody who does not finish it has not begun a request either.
                HandshakeTimeout = kestrel.Limits.RequestHeadersTimeout,
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificate.Current,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    // A client could have the gateway shake hands over and over on one connection (CVE-2011-1473).
                    AllowRenegotiation = false,
                }),
            });
        }
    }
}
