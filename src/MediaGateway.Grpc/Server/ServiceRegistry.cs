using System.Collections.Concurrent;
using Google.Protobuf.Reflection;

namespace MediaGateway.Grpc.Server;

/// <summary>The services that have been mapped.</summary>
internal sealed class ServiceRegistry
{
    private readonly ConcurrentDictionary<string, ServiceDescriptor> _services = new(StringComparer.Ordinal);

    public IEnumerable<ServiceDescriptor> Services => _services.Values.OrderBy(service => service.FullName, StringComparer.Ordinal);

    public void Add(ServiceDescriptor service) => _services[service.FullName] = service;
}
