using System.Runtime.InteropServices;

namespace MediaGateway.LoadTester.Servers;

/// <summary>Asks a process to end as systemd and docker do.</summary>
internal static partial class Signals
{
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Send(int processId, int signal);
}
