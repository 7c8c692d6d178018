using System.Net;

namespace MediaGateway.LatencyBench;

/// <summary>Something that answers each datagram with one of the same length. Runs from construction to disposal.</summary>
internal interface ILatencyTarget : IDisposable
{
    public string Name { get; }

    /// <summary>Where the probe sends to.</summary>
    public IPEndPoint EndPoint { get; }
}
