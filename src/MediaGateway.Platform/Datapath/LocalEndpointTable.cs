using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Datapath;

/// <summary>
/// The local endpoints of a worker, by id, and the paths over them that have closed since the worker last asked. A UDP socket is open
/// for as long as its worker lives. Used by the worker's thread, except for what does not change.
/// </summary>
public sealed class LocalEndpointTable
{
    private readonly LocalEndpoint[] _endpoints;
    private readonly Queue<NetworkPath> _closedPaths = new();

    /// <param name="addresses">The bound addresses, in the order of their ids.</param>
    internal LocalEndpointTable(IEnumerable<TransportAddress> addresses)
    {
        _endpoints = [.. addresses.Select((address, index) => new LocalEndpoint(new EndpointId(index), address))];
        All = Array.AsReadOnly(_endpoints);
    }

    /// <summary>All endpoints, in the order of their ids.</summary>
    public IReadOnlyList<LocalEndpoint> All { get; }

    public bool Contains(EndpointId id) => (uint)id.Value < (uint)_endpoints.Length;

    /// <summary>Notes that a path has closed, as a connection does: nothing comes or leaves along it any more.</summary>
    public void Close(in NetworkPath path) => _closedPaths.Enqueue(path);

    /// <summary>Takes a path that has closed and that the handler has not been notified of.</summary>
    internal bool TryTakeClosedPath(out NetworkPath path) => _closedPaths.TryDequeue(out path);
}
