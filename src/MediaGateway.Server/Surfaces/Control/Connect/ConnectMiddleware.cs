using System.Collections.Concurrent;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>
/// Serves the Connect protocol (https://connectrpc.com/docs/protocol) on the endpoints of the mapped gRPC services: a request is rewritten
/// to
/// gRPC's form and its answer back, so that deadlines, interceptors and services are those of gRPC. It stands behind routing. No package
/// does it.
/// </summary>
internal sealed class ConnectMiddleware(RequestDelegate next, IOptions<GrpcServiceOptions> options)
{
    private readonly ConcurrentDictionary<string, ConnectMethod> _methods = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not { } endpoint
            || !ConnectFormat.TryParse(context.Request.ContentType, out ConnectFormat format))
        {
            await next(context);
            return;
        }
        ConnectMethod method = _methods.GetOrAdd(endpoint.Method.FullName, (_, of) => ConnectMethod.Of(of), endpoint);
        if (method.IsUnary == format.IsStream)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            context.Response.Headers["Accept-Post"] = ConnectFormat.Accepted;
            return;
        }
        using var call = new ConnectCall(context, format, method);
        try
        {
            call.Begin(options.Value.MaxReceiveMessageSize ?? int.MaxValue);
            await next(context);
        }
        catch (RpcException refusal)
        {
            call.Fail(refusal.Status);
        }
        finally
        {
            await call.EndAsync();
        }
    }
}
