using System.Globalization;

namespace MediaGateway.FanoutBench;

/// <summary>The CPU time of the media worker's thread, user and system, from the kernel's own books.</summary>
internal static class WorkerCpu
{
    private const string Name = "media-worker-0";

    public static TimeSpan Read()
    {
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            if (File.ReadAllText(Path.Combine(task, "comm")).Trim() != Name)
                continue;
            string nanoseconds = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0];
            return TimeSpan.FromTicks(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
        }
        throw new InvalidOperationException($"There is no thread {Name}.");
    }
}
