using System.Globalization;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>The memory that a process has in the machine's, by the kernel's account (proc_pid_status(5)), in bytes.</summary>
/// <param name="Anonymous">Memory behind no file: objects, what native code has allocated, stacks.</param>
/// <param name="Files">Pages of files, which are code and tables of assemblies and libraries for the most part.</param>
/// <param name="Shared">Shared memory, in which .NET keeps the code that it compiles.</param>
internal readonly record struct ResidentMemory(long Anonymous, long Files, long Shared)
{
    public long Total => Anonymous + Files + Shared;

    public static ResidentMemory operator -(ResidentMemory left, ResidentMemory right) =>
        new(left.Anonymous - right.Anonymous, left.Files - right.Files, left.Shared - right.Shared);

    public static ResidentMemory operator /(ResidentMemory memory, int count) =>
        new(memory.Anonymous / count, memory.Files / count, memory.Shared / count);

    public static ResidentMemory Read(int processId)
    {
        string[] lines = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"));
        return new ResidentMemory(ReadField(lines, "RssAnon:"), ReadField(lines, "RssFile:"), ReadField(lines, "RssShmem:"));
    }

    private static long ReadField(string[] lines, string name)
    {
        string line = lines.First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }
}
