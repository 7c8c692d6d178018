using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Rtp;

internal static class Allocations
{
    /// <summary>Bytes that a thousand runs allocate on this thread, once everything is warm.</summary>
    public static long Of(Action action)
    {
        action();
        return AllocatedBytes.LeastOf(() =>
        {
            for (int i = 0; i < 1000; i++)
                action();
        });
    }
}
