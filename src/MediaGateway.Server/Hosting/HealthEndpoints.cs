using MediaGateway.Server.Operations;

namespace MediaGateway.Server.Hosting;

/// <summary>/healthz: the process lives. /readyz: it takes new sessions.</summary>
internal static class HealthEndpoints
{
    public const string HealthPath = "/healthz";

    public const string ReadyPath = "/readyz";

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        Readiness readiness = app.ServiceProvider.GetRequiredService<Readiness>();
        app.MapGet(HealthPath, context => WriteAsync(context, StatusCodes.Status200OK, "alive"));
        app.MapGet(ReadyPath, context => readiness.IsReady
            ? WriteAsync(context, StatusCodes.Status200OK, "ready")
            : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, readiness.IsDraining ? "draining" : "not ready"));
    }

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
