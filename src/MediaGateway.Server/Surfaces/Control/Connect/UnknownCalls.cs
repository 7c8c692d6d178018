using System.Collections.Frozen;
using System.Globalization;
using System.Net.Mime;
using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>
/// Answers calls of methods that a mapped service does not have: UNIMPLEMENTED, in the protocol of the call. gRPC's server does it for gRPC
/// alone,
/// by an endpoint that takes the paths of others too (GrpcServiceOptions.IgnoreUnknownServices turns it off).
/// </summary>
internal sealed class UnknownCalls(RequestDelegate next, EndpointDataSource endpoints)
{
    private readonly Lazy<FrozenSet<string>> _services = new(() => endpoints.Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName)
        .OfType<string>()
        .ToFrozenSet(StringComparer.Ordinal));

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not null
            || !HttpMethods.IsPost(context.Request.Method)
            || context.Request.Path.Value?.Split('/') is not ["", var service, _]
            || !_services.Value.Contains(service))
        {
            return next(context);
        }
        var status = new Status(StatusCode.Unimplemented, $"There is no method {context.Request.Path}.");
        if (ConnectFormat.TryParse(context.Request.ContentType, out ConnectFormat format))
            return AnswerAsync(context, format, status);
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
            return next(context);
        context.Response.ContentType = context.Request.ContentType;
        context.Response.Headers["grpc-status"] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(status.Detail).Replace("%20", " ", StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    private static Task AnswerAsync(HttpContext context, ConnectFormat format, Status status)
    {
        byte[] body = format.IsStream
            ? Envelope.Create(Envelope.EndOfStream, ConnectErrors.EndOfStream(status, null, FrozenDictionary<string, string[]>.Empty))
            : ConnectErrors.Body(status, null);
        context.Response.StatusCode = format.IsStream ? StatusCodes.Status200OK : ConnectErrors.HttpStatusOf(status.StatusCode);
        context.Response.ContentType = format.IsStream ? format.ContentType : MediaTypeNames.Application.Json;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
