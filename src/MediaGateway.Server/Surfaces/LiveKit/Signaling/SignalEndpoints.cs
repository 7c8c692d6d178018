using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Telemetry;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>The routes of LiveKit's client protocol. Its clients read plain text, so a refusal is a status and a sentence.</summary>
internal static class SignalEndpoints
{
    public const string DualPath = "/rtc";

    public const string SinglePath = "/rtc/v1";

    private const string Validate = "/validate";

    /// <summary>CONNECT is how HTTP/2 opens one (RFC 8441).</summary>
    private static readonly string[] WebSocketMethods = [HttpMethods.Get, HttpMethods.Connect];

    public static void MapSignaling(this IEndpointRouteBuilder app)
    {
        SignalConnections connections = app.ServiceProvider.GetRequiredService<SignalConnections>();
        RequestMetrics metrics = app.ServiceProvider.GetRequiredService<RequestMetrics>();
        foreach (string path in (string[])[DualPath, SinglePath])
        {
            bool isSingle = path == SinglePath;
            app.MapMethods(path, WebSocketMethods, context => GuardAsync(context, metrics, connections.ConnectAsync, isSingle));
            app.MapGet(path + Validate, context => GuardAsync(context, metrics, connections.ValidateAsync, isSingle));
        }
    }

    public static bool IsSignaling(PathString path) => path.StartsWithSegments(DualPath, StringComparison.Ordinal);

    /// <summary>Lets any origin call. No cookie is ever read, so a page of another origin needs a token all the same.</summary>
    public static void AllowAnySite(CorsPolicyBuilder policy) => policy
        .AllowAnyOrigin()
        .WithMethods("OPTIONS", "HEAD", "GET", "POST", "PATCH", "DELETE")
        .AllowAnyHeader();

    /// <summary>Clients append their path to the URL that a person wrote, which may end in a slash.</summary>
    public static Task TrimDoubledSlash(HttpContext context, RequestDelegate next)
    {
        string path = context.Request.Path.Value ?? "";
        if (path.StartsWith('/' + DualPath, StringComparison.Ordinal))
            context.Request.Path = path[1..];
        return next(context);
    }

    private static async Task GuardAsync(HttpContext context, RequestMetrics metrics, Func<HttpContext, bool, Task> serve, bool isSingle)
    {
        try
        {
            await serve(context, isSingle);
        }
        catch (ContractException refusal) when (!context.Response.HasStarted)
        {
            metrics.Refused(HttpProblems.Kinds[refusal.Code].Code);
            await WriteAsync(context, HttpProblems.Kinds[refusal.Code].Status, refusal.Message);
        }
    }

    public static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
