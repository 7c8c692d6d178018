using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaGateway.Grpc.Server;

/// <summary>What every call goes through: from an HTTP request to a handler, and from whatever became of it to a status.</summary>
internal sealed class CallPipeline(IOptions<GrpcServiceOptions> options, IServiceProvider services, TimeProvider clock, ILogger<CallPipeline> logger)
{
    private readonly GrpcServiceOptions _options = options.Value;

    public IReadOnlyList<Interceptor> Interceptors { get; } = options.Value.Interceptors.Create(services);

    public async Task RunAsync(HttpContext context, CallHandler handler)
    {
        if (!WireFormat.TryParse(context.Request.ContentType, out WireFormat format) || !Fits(format, handler.Type))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            context.Response.Headers["Accept-Post"] = "application/grpc, application/grpc-web, application/grpc-web-text, application/proto, application/json, application/connect+proto, application/connect+json";
            return;
        }
        if (format.Protocol == WireProtocol.Grpc && !HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "HTTP/2";
            return;
        }
        LiftLimits(context);
        await using var call = new HttpServerCall(context, format, _options, clock);
        Status status = await StatusOfAsync(call, handler);
        await call.FinishAsync(status);
    }

    private async Task<Status> StatusOfAsync(HttpServerCall call, CallHandler handler)
    {
        try
        {
            call.Begin();
            await handler.RunAsync(call);
            return call.Status;
        }
        catch (RpcException refusal)
        {
            foreach (Metadata.Entry trailer in refusal.Trailers)
                call.ResponseTrailers.Add(trailer);
            return refusal.Status;
        }
        catch (Exception ended) when (call.CancellationToken.IsCancellationRequested && ended is OperationCanceledException or IOException)
        {
            return call.IsPastDeadline ? new Status(StatusCode.DeadlineExceeded, "The deadline has passed.") : Status.DefaultCancelled;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A reset may end a read before the request is marked as aborted.
            if (fault is IOException or OperationCanceledException)
                return Status.DefaultCancelled;
            logger.CallFault(call.Method, fault);
            return new Status(StatusCode.Unknown, _options.EnableDetailedErrors == true ? fault.ToString() : "A bug of the server's; its log says more.");
        }
    }

    /// <summary>Connect's unary calls are plain bodies, its streams envelopes; the others frame everything.</summary>
    private static bool Fits(WireFormat format, MethodType type) => format.Protocol switch
    {
        WireProtocol.ConnectUnary => type == MethodType.Unary,
        WireProtocol.ConnectStream => type != MethodType.Unary,
        _ => true,
    };

    /// <summary>Messages have a limit of their own, and a stream may be silent for as long as it likes.</summary>
    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
            requestRate.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate && HttpProtocol.IsHttp11(context.Request.Protocol))
            responseRate.MinDataRate = null;
    }
}
