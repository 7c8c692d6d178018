namespace MediaGateway.Sfu.Workers;

/// <summary>The outcome of opening a peer on a worker.</summary>
public enum OpenResult
{
    Opened,

    /// <summary>The stream has a live publisher, and the new one did not say that it takes over.</summary>
    StreamHasPublisher,

    TooManyPeers,
    TooManyHalfOpenPeers,
    TooManyViewers,

    /// <summary>The stream has no source of the name that is to be watched.</summary>
    SourceNotFound,

    /// <summary>The worker is stopping.</summary>
    Draining,
}
