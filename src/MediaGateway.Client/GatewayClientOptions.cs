
namespace MediaGateway.Client;

/// <summary>Options of a <see cref="GatewayClient"/>.</summary>
public sealed class GatewayClientOptions
{
    /// <summary>Address of the gateway's control API: http or https, host and port of its <c>Control:Listen</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>Source of the access tokens that calls bear.</summary>
    public required GatewayCredentials Credentials { get; init; }

    /// <summary>
    /// Time before a token's expiry from which on calls bear a new one. Of a token that lives shorter than five times as long, it is the
    /// last fifth of the lifetime.
    /// </summary>
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Transport of the calls, for certificates or proxies of one's own; it has to speak HTTP/2. Null for the default. Whoever gives one
    /// disposes of it.
    /// </summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>Clock of token lifetimes and of the pauses between reconnections.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
