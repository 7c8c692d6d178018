using System.Globalization;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>CPU time and memory that a process has used so far, by the kernel's account.</summary>
/// <param name="Cpu">User and system time of all its threads, those that have ended included.</param>
/// <param name="WorkerCpu">Of that, the threads that are named media-worker; zero where none is.</param>
/// <param name="ResidentBytes">Memory it holds.</param>
internal readonly record struct ProcessUsage(TimeSpan Cpu, TimeSpan WorkerCpu, long ResidentBytes)
{
    /// <summary>Clock ticks of /proc a second (sysconf(_SC_CLK_TCK), 100 on every Linux that runs .NET).</summary>
    private const int TicksPerSecond = 100;

    private const string WorkerName = "media-worker";

    public static ProcessUsage Read(int processId)
    {
        string root = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
        // The name in parentheses may hold anything; fields count from behind it (proc_pid_stat(5): utime is 14, stime 15).
        string stat = File.ReadAllText(root + "/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessUsage(TimeSpan.FromSeconds((double)ticks / TicksPerSecond), ReadWorkers(root), ReadResident(root));
    }

    private static TimeSpan ReadWorkers(string root)
    {
        long nanoseconds = 0;
        foreach (string task in Directory.EnumerateDirectories(root + "/task"))
        {
            try
            {
                if (File.ReadAllText(task + "/comm").StartsWith(WorkerName, StringComparison.Ordinal))
                    nanoseconds += long.Parse(File.ReadAllText(task + "/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (Exception ended) when (ended is FileNotFoundException or DirectoryNotFoundException or IOException)
            {
                // The thread ended between the two looks: it was no worker.
            }
        }
        return TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    private static long ReadResident(string root)
    {
        string line = File.ReadLines(root + "/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }
}
