using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;

namespace MediaGateway.Platform.Workers;

/// <summary>The processors that a thread may run on (sched_setaffinity(2)); they are numbered from 0, as in <c>/proc/cpuinfo</c>.</summary>
public static unsafe class ProcessorAffinity
{
    /// <summary>Size of the mask, which bounds the processors that can be named.</summary>
    private const int Words = 16;

    private const int BitsPerWord = 64;

    /// <summary>
    /// Tells whether the calling thread may run on the processor now: it exists, and no cpuset or affinity excludes it. False where the
    /// system
    /// does not tell.
    /// </summary>
    public static bool MayUse(int processor)
    {
        if (!IsSupported || processor is < 0 or >= Words * BitsPerWord)
            return false;
        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        return Libc.GetAffinity(0, Words * sizeof(ulong), mask) >= 0 && (mask[processor / BitsPerWord] & BitOf(processor)) != 0;
    }

    /// <summary>
    /// Keeps the calling thread to the processor from now on. Threads that it starts are not kept, since .NET gives them the process's
    /// processors.
    /// </summary>
    /// <exception cref="InvalidOperationException">The thread may not run there: see <see cref="MayUse"/>.</exception>
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
