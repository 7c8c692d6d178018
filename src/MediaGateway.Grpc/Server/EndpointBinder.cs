using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MediaGateway.Grpc.Server;

/// <summary>Maps an endpoint for each method of a service.</summary>
internal sealed class EndpointBinder<TService>(IEndpointRouteBuilder endpoints, CallPipeline pipeline) : ServiceBinderBase
    where TService : class
{
    public List<IEndpointConventionBuilder> Endpoints { get; } = [];

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Open<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method);
        Map(method, new UnaryHandler<TService, TRequest, TResponse>(method, invoke, pipeline.Interceptors));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Open<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(method);
        Map(method, new ClientStreamingHandler<TService, TRequest, TResponse>(method, invoke, pipeline.Interceptors));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Open<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(method);
        Map(method, new ServerStreamingHandler<TService, TRequest, TResponse>(method, invoke, pipeline.Interceptors));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Open<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(method);
        Map(method, new DuplexStreamingHandler<TService, TRequest, TResponse>(method, invoke, pipeline.Interceptors));
    }

    /// <summary>A method that the service does not have is UNIMPLEMENTED, not a page that is not there.</summary>
    public void MapUnknownMethods(string service) =>
        endpoints.MapPost($"/{service}/{{method}}", context => pipeline.RunAsync(context, UnimplementedHandler.Instance));

    private void Map(IMethod method, CallHandler handler)
    {
        Endpoints.Add(endpoints.MapPost(method.FullName, context => pipeline.RunAsync(context, handler))
            .WithMetadata([.. Attributes(method)])
            .WithDisplayName($"gRPC - {method.FullName}"));
        Endpoints.Add(endpoints.MapMethods(method.FullName, [HttpMethods.Get, HttpMethods.Put, HttpMethods.Delete], context =>
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "POST";
            return Task.CompletedTask;
        }));
    }

    private static MethodInfo MethodOf(IMethod method) => typeof(TService).GetMethods().Single(
        candidate => candidate.Name == method.Name && candidate.GetParameters() is [.., { } last] && last.ParameterType == typeof(ServerCallContext));

    private static TDelegate Open<TDelegate>(IMethod method)
        where TDelegate : Delegate => MethodOf(method).CreateDelegate<TDelegate>();

    private static IEnumerable<object> Attributes(IMethod method) =>
        [.. typeof(TService).GetCustomAttributes(inherit: true), .. MethodOf(method).GetCustomAttributes(inherit: true)];
}
