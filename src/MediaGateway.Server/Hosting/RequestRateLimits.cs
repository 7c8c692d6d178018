using System.Net;
using System.Threading.RateLimiting;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Options;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;
using MediaGateway.Server.Surfaces.Whip;
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
            ? RateLimitPartition.GetTokenBucketLimiter(RequestSource.Of(context.Connection.RemoteIpAddress), _ => bucket)
            : RateLimitPartition.GetNoLimiter(IPAddress.None));
        limiter.OnRejected = (rejected, _) => throw new ContractException(
            ErrorCode.RateLimited, $"More than {limits.HttpRequestsPerSecondPerSource} requests a second came from your address.")
        {
            RetryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan delay) ? delay : null,
        };
    }

    private static bool IsLimited(HttpRequest request)
        => SignalEndpoints.IsSignaling(request.Path)
        || ((HttpMethods.IsPost(request.Method) || HttpMethods.IsPatch(request.Method)) && IsWhip(request.Path));

    private static bool IsWhip(PathString path)
        => (path.StartsWithSegments(WhipEndpoints.WhipPath, StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments(WhipEndpoints.WhepPath, StringComparison.OrdinalIgnoreCase));
}
