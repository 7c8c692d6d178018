using System.Globalization;

namespace MediaGateway.Server.Hosting;

/// <summary>
/// File descriptors that the process may open. Without one for a connection that waits the listener tries again at once, without end, and
/// without one for something of its own the runtime ends the process: so no more connections are let in than there are descriptors for.
/// </summary>
internal static class OpenFiles
{
    /// <summary>Descriptors for everything but connections: assemblies that are still to be loaded, files that are served.</summary>
    private const int Reserve = 128;

    /// <summary>Connections that there are descriptors for; null where the system does not tell.</summary>
    public static int? SpareConnections()
    {
        const string LimitsFile = "/proc/self/limits";
        const string OpenFilesFolder = "/proc/self/fd";
        if (!File.Exists(LimitsFile) || !Directory.Exists(OpenFilesFolder))
            return null;
        return SpareConnections(File.ReadLines(LimitsFile), Directory.EnumerateFileSystemEntries(OpenFilesFolder).Count());
    }

    /// <param name="limits">The lines of /proc/self/limits (proc_pid_limits(5)).</param>
    /// <param name="open">Descriptors that are open.</param>
    internal static int? SpareConnections(IEnumerable<string> limits, int open)
    {
        const string Name = "Max open files";
        string[] fields = limits.First(line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // The runtime has raised the soft limit, which stands first, to the hard one. "unlimited" is none.
        return int.TryParse(fields[0], CultureInfo.InvariantCulture, out int limit) ? Math.Max(limit - open - Reserve, 1) : null;
    }
}
