using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Ice;

/// <summary>A path along which an authenticated check has come, and what its checks said.</summary>
internal sealed class IcePath(NetworkPath path, int serial, MonotonicTime now)
{
    public NetworkPath Path { get; } = path;

    /// <summary>Distinct for every path an agent has ever held, even at the same addresses.</summary>
    public int Serial { get; } = serial;

    public MonotonicTime FirstCheck { get; } = now;

    public MonotonicTime LastCheck { get; private set; } = now;

    /// <summary>The last check with USE-CANDIDATE in this generation; null when never nominated.</summary>
    public MonotonicTime? LastNomination { get; private set; }

    /// <summary>True when the very last check carried USE-CANDIDATE.</summary>
    public bool IsLastCheckNominating { get; private set; }

    /// <summary>PRIORITY of the last check that carried it.</summary>
    public uint Priority { get; private set; }

    public int Generation { get; private set; }

    /// <summary>Notes one authenticated check. Nominations of an earlier generation lapse (RFC 8445 section 9).</summary>
    public void OnCheck(int generation, uint? priority, bool useCandidate, MonotonicTime now)
    {
        if (Generation != generation)
        {
            Generation = generation;
            LastNomination = null;
        }
        LastCheck = now;
        Priority = priority ?? Priority;
        IsLastCheckNominating = useCandidate;
        if (useCandidate)
            LastNomination = now;
    }

    /// <summary>The process stood still for a time in which it heard nothing: that time is no silence of the remote's.</summary>
    public void OnStandstill(TimeSpan time, MonotonicTime now) => LastCheck = MonotonicTime.Min(LastCheck + time, now);
}
