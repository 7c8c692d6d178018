namespace MediaGateway.LoadTester.Measuring;

/// <summary>The measurements of all viewers of one loop. Written on the loop's thread.</summary>
internal sealed class ViewerMeasures
{
    public Latency Latency { get; } = new();

    /// <summary>Packets that no source of this run sent.</summary>
    public long Foreign { get; set; }
}
