using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace MediaGateway.Server.Http;

/// <summary>
/// Reads the rest of a request that was answered before its end, and throws it away, within bounds of time and bytes. A connection that is
/// closed while its client still writes is reset, and the client sees a broken pipe in place of the answer (RFC 9112 section 9.6); a stream
/// of HTTP/2 is reset, and Kestrel closes the connection of a client that has met about forty such ends in a second (ENHANCE_YOUR_CALM).
/// </summary>
internal sealed class LingeringClose(RequestDelegate next, TimeProvider clock)
{
    /// <summary>Bytes that are read at most.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Shorter, since a call may keep its stream open for as long as it likes, and costs no connection when it ends.</summary>
    private static readonly TimeSpan StreamLimit = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (!context.RequestAborted.IsCancellationRequested && HasBody(context))
            await DrainAsync(context);
    }

    /// <summary>False of a WebSocket too, over either version (RFC 6455, RFC 8441): what comes there is no body.</summary>
    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
        && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };

    private async Task DrainAsync(HttpContext context)
    {
        try
        {
            await context.Response.CompleteAsync();
            using var limit = new CancellationTokenSource(HttpProtocol.IsHttp2(context.Request.Protocol) ? StreamLimit : Limit, clock);
            PipeReader body = context.Request.BodyReader;
            bool isAtEnd = false;
            for (long left = MaxBytes; !isAtEnd && left > 0;)
            {
                ReadResult result = await body.ReadAsync(limit.Token);
                isAtEnd = result.IsCompleted;
                left -= result.Buffer.Length;
                body.AdvanceTo(result.Buffer.End);
            }
            if (!isAtEnd)
                context.Abort();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone, or goes on for too long.
            context.Abort();
        }
    }
}
