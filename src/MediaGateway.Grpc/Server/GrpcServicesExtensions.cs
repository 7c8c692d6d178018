using Grpc.AspNetCore.Server;
using MediaGateway.Grpc.Server;

namespace Microsoft.Extensions.DependencyInjection;

public static class GrpcServicesExtensions
{
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services) => services.AddGrpc(_ => { });

    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services, Action<GrpcServiceOptions> configureOptions)
    {
        services.AddRouting();
        services.AddOptions<GrpcServiceOptions>().Configure(configureOptions);
        services.AddSingleton<ServiceRegistry>();
        services.AddSingleton<CallPipeline>();
        return new Builder(services);
    }

    /// <summary>The reflection service; map it with MapGrpcReflectionService.</summary>
    public static IServiceCollection AddGrpcReflection(this IServiceCollection services) => services.AddSingleton<DescriptorIndex>();

    private sealed class Builder(IServiceCollection services) : IGrpcServerBuilder
    {
        public IServiceCollection Services => services;
    }
}
