using System.Diagnostics;
using System.Globalization;

namespace MediaGateway.FanoutBench;

/// <summary>The threads of the media workers as the kernel's own books know them.</summary>
internal static class WorkerCpu
{
    private const string Name = "media-worker-";

    /// <summary>CPU time that each worker has spent, user and system.</summary>
    public static TimeSpan[] Read() => [.. Threads().Select(task => TimeSpan.FromTicks(
        long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0],
        CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick))];

    /// <summary>Keeps each on a processor of its own.</summary>
    public static void Pin()
    {
        int processor = 0;
        foreach (string task in Threads())
        {
            string wanted = (processor++ % Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture);
            using Process taskset = Process.Start(new ProcessStartInfo("taskset", ["-p", "-c", wanted, Path.GetFileName(task)])
            { RedirectStandardOutput = true })!;
            taskset.WaitForExit();
            if (taskset.ExitCode != 0)
                throw new InvalidOperationException("taskset failed.");
        }
    }

    private static IEnumerable<string> Threads() => Directory.EnumerateDirectories("/proc/self/task")
        .Select(task => (Task: task, Name: File.ReadAllText(Path.Combine(task, "comm")).Trim()))
        .Where(thread => thread.Name.StartsWith(Name, StringComparison.Ordinal))
        .OrderBy(thread => thread.Name, StringComparer.Ordinal)
        .Select(thread => thread.Task);
}
