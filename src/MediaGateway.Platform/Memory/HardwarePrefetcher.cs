using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Platform.Memory;

/// <summary>By the processor's own instruction, where .NET has one: x86. Elsewhere it does nothing.</summary>
public sealed unsafe class HardwarePrefetcher : IPrefetcher
{
    private const int LineLength = 64;

    public void Prefetch(object? target, int lines)
    {
        if (!Sse.IsSupported || target is null)
            return;
        // The collector may move the object meanwhile: then the hint was for nothing.
        byte* start = (byte*)Unsafe.As<object, nint>(ref target);
        for (int i = 0; i < lines; i++)
            Sse.Prefetch0(start + (i * LineLength));
    }
}
