namespace Microsoft.AspNetCore.Builder;

/// <summary>Conventions of all methods of a service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> endpoints) => Endpoints = endpoints;

    internal IReadOnlyList<IEndpointConventionBuilder> Endpoints { get; }

    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (IEndpointConventionBuilder endpoint in Endpoints)
            endpoint.Add(convention);
    }
}
