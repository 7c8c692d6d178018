using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MediaGateway.Grpc.Server;

/// <summary>The object that serves a call: the container's, when the service is registered there, or a new one.</summary>
internal static class ServiceActivator<TService>
    where TService : class
{
    private static readonly ObjectFactory<TService> Create = ActivatorUtilities.CreateFactory<TService>([]);

    public static TService For(ServerCallContext context)
    {
        IServiceProvider services = context.GetHttpContext().RequestServices;
        return services.GetService<TService>() ?? Create(services, []);
    }
}
