namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// One counter per <see cref="DropReason"/>. Written by one worker; read by others with at most a stale value.
/// </summary>
public sealed class DropCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    public long this[DropReason reason] => Volatile.Read(ref _counts[(int)reason]);

    public void Count(DropReason reason) => _counts[(int)reason]++;

    public void Count(DropReason reason, long packets) => _counts[(int)reason] += packets;
}
