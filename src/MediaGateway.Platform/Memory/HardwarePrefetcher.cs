using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Platform.Memory;

/// <summary>Prefetches with the processor's own instruction, where .NET has one: on x86. Elsewhere it does nothing.</summary>
public sealed unsafe class HardwarePrefetcher : IPrefetcher
{
    private const int LineLength = 64;

    public void Prefetch(object? target, int lines)
    {
        if (!Sse.IsSupported || target is null)
            return;
        // The collector may move the object meanwhile, and then the hint has no effect.
        byte* start = (byte*)Unsafe.As<object, nint>(ref target);
        for (int i = 0; i < lines; i++)
            Sse.Prefetch0(start + (i * LineLength));
    }
}
