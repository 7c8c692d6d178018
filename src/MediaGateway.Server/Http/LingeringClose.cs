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

    /// <summary>
    /// Time for which nothing may come of it over HTTP/2, since a call may keep its stream open for as long as it likes, and costs no
    /// connection when it ends. Who writes on, over a slow line, has the whole of <see cref="Limit"/>.
    /// </summary>
    private static readonly TimeSpan StreamSilence = TimeSpan.FromSeconds(1);

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
            TimeSpan patience = HttpProtocol.IsHttp2(context.Request.Protocol) ? StreamSilence : Limit;
            using var limit = new CancellationTokenSource(Limit, clock);
            using var silence = new CancellationTokenSource(patience, clock);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, silence.Token);
            PipeReader body = context.Request.BodyReader;
            bool isAtEnd = false;
            for (long left = MaxBytes; !isAtEnd && left > 0;)
            {
                silence.CancelAfter(patience);
                ReadResult result = await body.ReadAsync(either.Token);
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
