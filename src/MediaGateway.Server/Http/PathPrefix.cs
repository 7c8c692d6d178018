using MediaGateway.Server.Options;

namespace MediaGateway.Server.Http;

/// <summary>
/// Path under which a proxy serves the gateway: Http:PathBase, or what a trusted proxy says in X-Forwarded-Prefix. Whatever is told to
/// clients as a path begins with it: Location, redirects. The pages refer to each other relatively.
/// </summary>
internal static class PathPrefix
{
    /// <param name="app">The pipeline, behind the trusted proxies.</param>
    /// <param name="configured">Http:PathBase; empty for none.</param>
    public static void UsePathPrefix(this IApplicationBuilder app, string configured) => app.Use((context, next) =>
    {
        HttpRequest request = context.Request;
        if (request.PathBase.HasValue)
        {
            // The proxy has taken it off the path. One that begins with two slashes would name another host.
            string forwarded = request.PathBase.Value!.TrimEnd('/');
            request.PathBase = HttpOptions.IsPathBase(forwarded) ? forwarded : configured;
        }
        else if (configured.Length > 0)
        {
            // A proxy may leave it on the path or take it off.
            if (request.Path.StartsWithSegments(configured, StringComparison.Ordinal, out PathString rest))
                request.Path = rest;
            request.PathBase = configured;
        }
        return next(context);
    });
}
