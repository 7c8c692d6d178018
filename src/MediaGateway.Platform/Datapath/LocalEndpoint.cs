using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Datapath;

/// <summary>A local end of a worker's paths.</summary>
/// <param name="Id">What <see cref="NetworkPath.Local"/> calls it.</param>
/// <param name="Address">The bound address.</param>
public sealed record LocalEndpoint(EndpointId Id, TransportAddress Address);
