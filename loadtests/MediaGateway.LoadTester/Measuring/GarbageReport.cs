namespace MediaGateway.LoadTester.Measuring;

/// <summary>What a collector did in a while.</summary>
/// <param name="Collections">Of all generations.</param>
/// <param name="FullCollections">Of generation 2.</param>
/// <param name="LongestPauseMilliseconds">The longest stop of the threads.</param>
/// <param name="PausedMilliseconds">All stops together.</param>
/// <param name="AllocatedBytes">By all threads.</param>
internal sealed record GarbageReport(int Collections, int FullCollections, double LongestPauseMilliseconds, double PausedMilliseconds, long AllocatedBytes)
{
    public GarbageReport WithPause(double milliseconds) => this with
    {
        LongestPauseMilliseconds = Math.Max(LongestPauseMilliseconds, milliseconds),
        PausedMilliseconds = PausedMilliseconds + milliseconds,
    };
}
