namespace MediaGateway.LoadTester.Measuring;

/// <summary>The work of a garbage collector in a period.</summary>
/// <param name="Collections">Of all generations.</param>
/// <param name="FullCollections">Of generation 2.</param>
/// <param name="LongestPauseMilliseconds">The longest stop of the threads, whatever for.</param>
/// <param name="LongestYoungPauseMilliseconds">The longest for a collection of generation 0 or 1.</param>
/// <param name="LongestFullPauseMilliseconds">The longest for one of generation 2, or for a step of one in the background.</param>
/// <param name="LongestSuspensionMilliseconds">The longest part of a pause that passed until the last thread had stopped.</param>
/// <param name="PausedMilliseconds">All stops together.</param>
/// <param name="AllocatedBytes">By all threads.</param>
/// <param name="HeapMegabytes">Objects at the end, with those that nobody holds any more.</param>
/// <param name="CommittedMegabytes">Memory that the collector had from the system for them at the end.</param>
internal sealed record GarbageReport(
    int Collections,
    int FullCollections,
    double LongestPauseMilliseconds,
    double LongestYoungPauseMilliseconds,
    double LongestFullPauseMilliseconds,
    double LongestSuspensionMilliseconds,
    double PausedMilliseconds,
    long AllocatedBytes,
    double HeapMegabytes,
    double CommittedMegabytes)
{
    public static GarbageReport Empty { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <param name="milliseconds">From the first thread's stop to the last one's going on.</param>
    /// <param name="suspending">Of it, until the last thread stopped.</param>
    /// <param name="generation">Of the collection; null for a stop that was for something else.</param>
    public GarbageReport WithPause(double milliseconds, double suspending, int? generation) => this with
    {
        LongestPauseMilliseconds = Math.Max(LongestPauseMilliseconds, milliseconds),
        LongestYoungPauseMilliseconds = Math.Max(LongestYoungPauseMilliseconds, generation < 2 ? milliseconds : 0),
        LongestFullPauseMilliseconds = Math.Max(LongestFullPauseMilliseconds, generation == 2 ? milliseconds : 0),
        LongestSuspensionMilliseconds = Math.Max(LongestSuspensionMilliseconds, suspending),
        PausedMilliseconds = PausedMilliseconds + milliseconds,
    };
}
