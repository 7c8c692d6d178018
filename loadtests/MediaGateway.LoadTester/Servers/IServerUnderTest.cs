namespace MediaGateway.LoadTester.Servers;

/// <summary>A media server that the tester started, or that runs already.</summary>
internal interface IServerUnderTest : IAsyncDisposable
{
    public string Name { get; }

    /// <summary>The process whose CPU time and memory are read from /proc.</summary>
    public int ProcessId { get; }

    /// <summary>Publishes into a stream that is created when it is not there; returns the answer (SDP).</summary>
    public Task<string> PublishAsync(string stream, string offer, CancellationToken cancellation);

    /// <summary>Adds a viewer; whoever offers in the server's protocol, the negotiation serves both ways.</summary>
    public Task WatchAsync(string stream, IViewerNegotiation viewer, CancellationToken cancellation);
}
