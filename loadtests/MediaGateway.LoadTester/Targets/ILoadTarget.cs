using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;

namespace MediaGateway.LoadTester.Targets;

/// <summary>What a run puts load on: it makes the clients that fit. Ownership: disposing ends what it started.</summary>
internal interface ILoadTarget : IAsyncDisposable
{
    public string Name { get; }

    /// <summary>Whose CPU time and memory are read from /proc; 0 when it runs elsewhere.</summary>
    public int ProcessId { get; }

    /// <summary>Whether it is a .NET process, whose collector can be watched.</summary>
    public bool IsManaged { get; }

    /// <summary>How many connections the server holds; null when it does not say.</summary>
    public Task<int?> CountPeersAsync(CancellationToken cancellation);

    /// <summary>A publisher whose server expects it, not yet attached to a loop.</summary>
    public Task<IPublisher> PublishAsync(string stream, IReadOnlyList<PublishedTrack> tracks, CancellationToken cancellation);

    /// <summary>A viewer or participant whose server expects it, not yet attached to a loop.</summary>
    public Task<IViewer> JoinAsync(Attendance attendance, ViewerMeasures measures, bool isCounting, CancellationToken cancellation);
}
