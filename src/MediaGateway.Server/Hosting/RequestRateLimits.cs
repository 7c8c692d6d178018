using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using MediaGateway.Server.LiveStreams;
using MediaGateway.Server.Options;
using MediaGateway.Server.Signaling;
using MediaGateway.Server.Whip;
using Microsoft.AspNetCore.RateLimiting;

namespace MediaGateway.Server.Hosting;

/// <summary>A token bucket per source for the requests that cost the media node work: POST and PATCH of WHIP and WHEP, and joins.</summary>
internal static class RequestRateLimits
{
    public static void Configure(RateLimiterOptions limiter, LimitsOptions limits)
    {
        TokenBucketRateLimiterOptions bucket = new()
        {
            TokenLimit = limits.HttpBurstPerSource,
            TokensPerPeriod = limits.HttpRequestsPerSecondPerSource,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => IsLimited(context.Request)
            ? RateLimitPartition.GetTokenBucketLimiter(SourceOf(context.Connection.RemoteIpAddress), _ => bucket)
            : RateLimitPartition.GetNoLimiter(IPAddress.None));
        limiter.OnRejected = (rejected, _) => throw new ContractException(
            ErrorCode.RateLimited, $"More than {limits.HttpRequestsPerSecondPerSource} requests a second came from your address.")
        {
            RetryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan delay) ? delay : null,
        };
    }

    /// <summary>An IPv4 address or an IPv6 /64: one customer's network has 2^64 addresses to come from.</summary>
    internal static IPAddress SourceOf(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]])
            : address;
    }

    private static bool IsLimited(HttpRequest request)
        => SignalEndpoints.IsSignaling(request.Path)
        || ((HttpMethods.IsPost(request.Method) || HttpMethods.IsPatch(request.Method)) && IsWhip(request.Path));

    private static bool IsWhip(PathString path)
        => (path.StartsWithSegments(WhipEndpoints.WhipPath, StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments(WhipEndpoints.WhepPath, StringComparison.OrdinalIgnoreCase));
}
