namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// Something with one deadline in a <see cref="TimerWheel"/>: it carries its own place in the wheel, so that
/// scheduling never allocates. Ownership: the wheel refers to an entry while <see cref="IsScheduled"/>; who drops an
/// entry cancels it first.
/// </summary>
public abstract class TimerEntry
{
    /// <summary>The deadline last asked for, not rounded; <see cref="MonotonicTime.Never"/> while not scheduled.</summary>
    public MonotonicTime Deadline { get; internal set; } = MonotonicTime.Never;

    public bool IsScheduled => Wheel is not null;

    /// <summary>
    /// The deadline has passed. The entry is out of the wheel already and may be scheduled again from here, or
    /// schedule and cancel others.
    /// </summary>
    protected internal abstract void OnDue(MonotonicTime now);

    internal TimerWheel? Wheel { get; set; }

    internal TimerEntry? Next { get; set; }

    internal TimerEntry? Previous { get; set; }

    /// <summary>The deadline in the wheel's ticks, rounded up.</summary>
    internal long Tick { get; set; }

    /// <summary>Index of the slot whose list holds the entry.</summary>
    internal int Slot { get; set; }
}
