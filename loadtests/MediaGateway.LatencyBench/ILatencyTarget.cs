namespace MediaGateway.LatencyBench;

/// <summary>A target that a datagram goes into and comes out of. Runs from construction to disposal.</summary>
internal interface ILatencyTarget : IDisposable
{
    public string Name { get; }

    /// <summary>Sends one datagram in and spins until it is out.</summary>
    /// <returns>The time between; null when it was lost.</returns>
    public TimeSpan? Exchange();

    /// <summary>Called over and over between two exchanges.</summary>
    public void Idle();
}
