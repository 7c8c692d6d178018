namespace MediaGateway.Sfu.Workers;

/// <summary>Whether a worker took a new peer.</summary>
public enum OpenResult
{
    Opened,

    /// <summary>The stream has a live publisher, and the new one did not say that it takes over.</summary>
    StreamHasPublisher,

    TooManyPeers,
    TooManyHalfOpenPeers,
    TooManyViewers,

    /// <summary>The worker is stopping.</summary>
    Draining,
}
