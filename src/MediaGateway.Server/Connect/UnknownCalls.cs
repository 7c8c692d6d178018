using System.Collections.Frozen;
using System.Net.Mime;
using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace MediaGateway.Server.Connect;

/// <summary>
/// Answers requests to services that no endpoint takes: what is not a POST, and what calls a method that the service does not have by the
/// Connect protocol. gRPC's server answers such calls by gRPC alone.
/// </summary>
internal sealed class UnknownCalls(RequestDelegate next, EndpointDataSource endpoints)
{
    private readonly Lazy<FrozenSet<string>> _methods = new(() => endpoints.Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName)
        .OfType<string>()
        .ToFrozenSet(StringComparer.Ordinal));

    private readonly Lazy<FrozenSet<string>> _services = new(() => endpoints.Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName)
        .OfType<string>()
        .ToFrozenSet(StringComparer.Ordinal));

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not null || context.Request.Path.Value is not { } path)
            return next(context);
        if (!HttpMethods.IsPost(context.Request.Method) && _methods.Value.Contains(path))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Post;
            return Task.CompletedTask;
        }
        if (!ConnectFormat.TryParse(context.Request.ContentType, out ConnectFormat format) || path.Split('/') is not ["", var service, _] || !_services.Value.Contains(service))
            return next(context);
        var status = new Status(StatusCode.Unimplemented, $"There is no method {path}.");
        byte[] body = format.IsStream
            ? Envelope.Create(Envelope.EndOfStream, ConnectErrors.EndOfStream(status, FrozenDictionary<string, string[]>.Empty))
            : ConnectErrors.Body(status);
        context.Response.StatusCode = format.IsStream ? StatusCodes.Status200OK : ConnectErrors.HttpStatusOf(status.StatusCode);
        context.Response.ContentType = format.IsStream ? format.ContentType : MediaTypeNames.Application.Json;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
