using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;

namespace MediaGateway.LoadTester.Targets;

/// <summary>Target of a run's load, which makes the clients that fit it. Ownership: disposing ends what it started.</summary>
internal interface ILoadTarget : IAsyncDisposable
{
    public string Name { get; }

    /// <summary>Process whose CPU time and memory are read from /proc; 0 when it runs elsewhere.</summary>
    public int ProcessId { get; }

    /// <summary>True for a .NET process, whose garbage collector can be watched.</summary>
    public bool IsManaged { get; }

    /// <summary>Reads the state that the server reports; null when it reports none.</summary>
    public Task<ServerState?> ReadStateAsync(CancellationToken cancellation);

    /// <summary>The last of what the server has written, warnings and worse.</summary>
    public string Log { get; }

    /// <summary>A publisher whose server expects it, not yet attached to a loop.</summary>
    public Task<IPublisher> PublishAsync(string stream, IReadOnlyList<PublishedTrack> tracks, CancellationToken cancellation);

    /// <summary>A viewer or participant whose server expects it, not yet attached to a loop.</summary>
    public Task<IViewer> JoinAsync(Attendance attendance, ViewerMeasures measures, bool isCounting, CancellationToken cancellation);
}
