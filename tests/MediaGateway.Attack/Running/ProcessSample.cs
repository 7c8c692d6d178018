using System.Globalization;

namespace MediaGateway.Attack.Running;

/// <summary>Sample of what a process holds, by the kernel's account (proc_pid_status(5)).</summary>
/// <param name="ResidentBytes">Memory.</param>
/// <param name="Files">File descriptors.</param>
/// <param name="Threads">Threads.</param>
internal readonly record struct ProcessSample(long ResidentBytes, int Files, int Threads)
{
    /// <exception cref="IOException">There is no such process any more.</exception>
    public static ProcessSample Read(int processId)
    {
        string root = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
        string[] lines = File.ReadAllLines(root + "/status");
        return new ProcessSample(
            Field(lines, "VmRSS:") * 1024, Directory.EnumerateFileSystemEntries(root + "/fd").Count(), (int)Field(lines, "Threads:"));
    }

    public static ProcessSample Max(in ProcessSample a, in ProcessSample b) =>
        new(Math.Max(a.ResidentBytes, b.ResidentBytes), Math.Max(a.Files, b.Files), Math.Max(a.Threads, b.Threads));

    private static long Field(string[] lines, string name)
    {
        string line = lines.First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
