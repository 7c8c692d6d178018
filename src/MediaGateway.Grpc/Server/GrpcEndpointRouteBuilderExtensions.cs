using MediaGateway.Grpc.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Serves a service: one POST endpoint a method, by gRPC, gRPC-Web and Connect.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var binder = new EndpointBinder<TService>(builder, builder.ServiceProvider.GetRequiredService<CallPipeline>());
        GeneratedService service = GeneratedService.Of(typeof(TService));
        service.Bind(binder);
        builder.ServiceProvider.GetRequiredService<ServiceRegistry>().Add(service.Descriptor);
        binder.MapUnknownMethods(service.Descriptor.FullName);
        return new GrpcServiceEndpointConventionBuilder(binder.Endpoints);
    }

    /// <summary>Serves reflection, v1 and v1alpha, of what has been mapped by the time it is asked.</summary>
    public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder)
    {
        var v1 = builder.MapGrpcService<ReflectionService>();
        var v1Alpha = builder.MapGrpcService<ReflectionV1AlphaService>();
        return new GrpcServiceEndpointConventionBuilder([.. v1.Endpoints, .. v1Alpha.Endpoints]);
    }
}
