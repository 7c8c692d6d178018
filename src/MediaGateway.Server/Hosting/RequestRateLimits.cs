using System.Net;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Options;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;
using MediaGateway.Server.Surfaces.Whip;

namespace MediaGateway.Server.Hosting;

/// <summary>A token bucket per source for the requests that cost the media node work: POST and PATCH of WHIP and WHEP, and joins.</summary>
internal static class RequestRateLimits
{
    /// <summary>Refuses requests of sources that have sent too many.</summary>
    public static void UseRequestRateLimits(this IApplicationBuilder app, LimitsOptions limits, TimeProvider clock)
    {
        CallLimit<IPAddress> sources = new(limits.HttpRequestsPerSecondPerSource, limits.HttpBurstPerSource, clock);
        app.Use((context, next) =>
        {
            if (IsLimited(context.Request) && !sources.TryTake(RequestSource.Of(context.Connection.RemoteIpAddress)))
                throw new ContractException(
                    ErrorCode.RateLimited, $"More than {limits.HttpRequestsPerSecondPerSource} requests a second came from your address.");
            return next(context);
        });
    }

    private static bool IsLimited(HttpRequest request)
        => SignalEndpoints.IsSignaling(request.Path)
        || ((HttpMethods.IsPost(request.Method) || HttpMethods.IsPatch(request.Method)) && IsWhip(request.Path));

    private static bool IsWhip(PathString path)
        => (path.StartsWithSegments(WhipEndpoints.WhipPath, StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments(WhipEndpoints.WhepPath, StringComparison.OrdinalIgnoreCase));
}
