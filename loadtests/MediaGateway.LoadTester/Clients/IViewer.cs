using MediaGateway.LoadTester.Measuring;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Clients;

/// <summary>A client that receives. Attached, detached and read on its loop's thread.</summary>
internal interface IViewer : IDisposable
{
    /// <summary>The time from its request to the first packet of a key frame, or of sound where there is no video.</summary>
    public Task<TimeSpan> Playing { get; }

    /// <summary>The reception of each stream; empty when the viewer only counts.</summary>
    public IReadOnlyCollection<Reception> Receptions { get; }

    /// <summary>Media packets that came, whether or not they were looked into.</summary>
    public long PacketsReceived { get; }

    /// <summary>The server, or what is between, has ended it.</summary>
    public bool IsClosed { get; }

    public void Attach(ClientLoop loop, MonotonicTime now);

    public void Detach(MonotonicTime now);
}
