using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;

namespace MediaGateway.Platform.Workers;

/// <summary>Which processors a thread may run on (sched_setaffinity(2)); processors are numbered from 0, as in <c>/proc/cpuinfo</c>.</summary>
public static unsafe class ProcessorAffinity
{
    /// <summary>As many as the kernel's mask has room for here.</summary>
    private const int Words = 16;

    private const int BitsPerWord = 64;

    /// <summary>Whether the calling thread may run there now: such a processor exists, and no cpuset or affinity excludes it. False where the system does not tell.</summary>
    public static bool MayUse(int processor)
    {
        if (!IsSupported || processor is < 0 or >= Words * BitsPerWord)
            return false;
        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        return Libc.GetAffinity(0, Words * sizeof(ulong), mask) >= 0 && (mask[processor / BitsPerWord] & BitOf(processor)) != 0;
    }

    /// <summary>The calling thread runs there and nowhere else from now on; threads that it starts do not, as .NET gives them the process's processors.</summary>
    /// <exception cref="InvalidOperationException">The system does not let it: see <see cref="MayUse"/>.</exception>
    public static void KeepTo(int processor)
    {
        if (!MayUse(processor))
            throw new InvalidOperationException($"The system has no processor {processor} for this process.");
        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        mask[processor / BitsPerWord] = BitOf(processor);
        if (Libc.SetAffinity(0, Words * sizeof(ulong), mask) != 0)
            throw new InvalidOperationException($"A thread cannot keep to processor {processor}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    private static ulong BitOf(int processor) => 1UL << (processor % BitsPerWord);
}
