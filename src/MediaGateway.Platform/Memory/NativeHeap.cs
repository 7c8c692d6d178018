using MediaGateway.Platform.Interop;

namespace MediaGateway.Platform.Memory;

/// <summary>
/// The heap of native code: OpenSSL's connections, the tables of the runtime, and what its compiler needs while it compiles.
/// </summary>
public static class NativeHeap
{
    /// <summary>
    /// Gives pages that are free back to the system, of all threads' parts of the heap (malloc_trim(3)): glibc by itself gives back only
    /// what is free at a part's end. Does nothing where the C library has no such call.
    /// </summary>
    public static void Trim()
    {
        try
        {
            _ = Libc.TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // As musl, whose heap gives back by itself.
        }
    }
}
