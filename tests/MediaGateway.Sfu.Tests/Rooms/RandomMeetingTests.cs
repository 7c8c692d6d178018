namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>Meetings of up to 30 over links that lose nothing, little and much, each as its seed has it.</summary>
public sealed class RandomMeetingTests
{
    /// <summary>Number of meetings in an ordinary run; MEETING_SEEDS and MEETING_FIRST_SEED choose others.</summary>
    private const int Seeds = 200;

    private const int Steps = 40;

    [Fact]
    public void Whatever_happens_everybody_gets_what_it_may_and_nothing_stays_behind()
    {
        int seeds = int.TryParse(Environment.GetEnvironmentVariable("MEETING_SEEDS"), out int asked) ? asked : Seeds;
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        long frames = 0;
        int first = int.TryParse(Environment.GetEnvironmentVariable("MEETING_FIRST_SEED"), out int from) ? from : 0;
        Parallel.For(first, first + seeds, seed =>
        {
            try
            {
                Interlocked.Add(ref frames, Run(seed));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failures.Add($"seed {seed}: {failure.Message} {failure.StackTrace}");
            }
        });

        Assert.True(failures.IsEmpty, $"{failures.Count} of {seeds} meetings failed.\n{string.Join('\n', failures.Take(10))}");
        Assert.True(frames > seeds * 100, $"Only {frames} frames were received.");
    }

    private static long Run(int seed)
    {
        using var meeting = new RandomMeeting(seed);
        meeting.Run(Steps);
        meeting.Settle();
        meeting.End();
        return meeting.FramesDecoded;
    }
}
