namespace MediaGateway.Rtc.Buffers;

/// <summary>
/// Has the processor fetch memory that will be needed soon. A subscriber's keys and numbers lie at the end of chains of objects, and with
/// more subscribers than the caches hold each object is a wait for memory. So a walk over subscribers asks ahead: for
/// what lies <c>distance</c> references from a subscriber, the further the nearer its turn is, so that nothing that is asked for has to
/// be waited for. Classes on these chains have a <c>Prefetch</c> of their own that hands the wish on.
/// </summary>
public interface IPrefetcher
{
    /// <summary>A hint, without effect on anything but time.</summary>
    /// <param name="target">What will be needed; null for nothing.</param>
    /// <param name="lines">How much of it, in cache lines of 64 bytes.</param>
    public void Prefetch(object? target, int lines);
}
