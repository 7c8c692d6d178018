using MediaGateway.Server.Operations;

namespace MediaGateway.Server.Hosting;

/// <summary>/healthz: the process lives. /readyz: it takes new sessions.</summary>
internal static class HealthEndpoints
{
    public const string HealthPath = "/healthz";

    public const string ReadyPath = "/readyz";

    /// <summary>Monitors ask by either (RFC 9110 section 9.1 has both served).</summary>
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        Readiness readiness = app.ServiceProvider.GetRequiredService<Readiness>();
        app.MapMethods(HealthPath, Methods, context => WriteAsync(context, StatusCodes.Status200OK, "alive"));
        app.MapMethods(ReadyPath, Methods, context => readiness.IsReady
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
