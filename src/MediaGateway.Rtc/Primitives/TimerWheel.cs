using System.Numerics;

namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// Hierarchical timer wheel with ticks of one millisecond: schedule and cancel in O(1), nothing allocated after
/// construction. An entry never fires early and fires at most one tick after its deadline.
///
/// A deadline is a number of seven digits in base 64, and an entry hangs on the level of the highest digit in which
/// its deadline differs from the current tick. So every entry of a lower level is due before every entry of a higher
/// one, all entries of a level lie ahead of the current digit, and the soonest slot is the lowest bit of the first
/// occupied level. When the current tick enters a slot of a higher level, its entries move down.
///
/// Single-threaded: used only by the worker that owns it.
/// </summary>
public sealed class TimerWheel
{
    private const int DigitBits = 6;
    private const int SlotsPerLevel = 1 << DigitBits;
    private const int Levels = 7;
    private const long LastTick = (1L << (DigitBits * Levels)) - 1;

    /// <summary>
    /// Entries of a slot that are looked at to tell when to wake: all that a worker has with few peers, when waking for nothing would
    /// count most.
    /// </summary>
    private const int LookAhead = 16;

    /// <summary>The first entry of each slot's circular list, in the order of scheduling.</summary>
    private readonly TimerEntry?[] _slots = new TimerEntry?[Levels * SlotsPerLevel];

    /// <summary>One bit per slot of a level: its list is not empty.</summary>
    private readonly ulong[] _occupied = new ulong[Levels];

    /// <summary>The tick that slots are relative to: the last whose entries fire or have fired.</summary>
    private long _current;

    /// <summary>The tick that the last <see cref="Advance"/> was asked for; nothing is scheduled at or before it.</summary>
    private long _horizon;

    /// <param name="now">Where the wheel begins: nothing can fire at or before it.</param>
    public TimerWheel(MonotonicTime now)
    {
        _current = _horizon = Math.Clamp(now.Ticks / TimeSpan.TicksPerMillisecond, 0, LastTick);
    }

    /// <summary>Number of scheduled entries.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Time at which <see cref="Advance"/> is next worth calling: the tick of the soonest entry, but possibly earlier, when more than
    /// 16 entries that are 64 ms or more away have to move down a level first. <see cref="MonotonicTime.Never"/> for an empty wheel.
    /// </summary>
    public MonotonicTime NextDeadline =>
        FindSoonest(out int slot, out long tick) ? MonotonicTime.FromMilliseconds(EarliestOf(slot, tick)) : MonotonicTime.Never;

    /// <summary>
    /// Has the entry fire at <paramref name="deadline"/>, in place of an earlier deadline that it may have. A
    /// deadline that has passed fires with the next tick, and nothing fires in the <see cref="Advance"/> that it was
    /// scheduled from, so an entry which reschedules itself cannot hold the worker.
    /// <see cref="MonotonicTime.Never"/> cancels.
    /// </summary>
    /// <exception cref="InvalidOperationException">The entry is scheduled in another wheel.</exception>
    public void Schedule(TimerEntry entry, MonotonicTime deadline)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (deadline.IsNever)
        {
            Cancel(entry);
            return;
        }
        long tick = Math.Clamp(TickAtOrAfter(deadline), _horizon + 1, LastTick);
        if (entry.Wheel is not null)
        {
            ThrowIfForeign(entry);
            if (entry.Tick == tick)
            {
                entry.Deadline = deadline;
                return;
            }
            Remove(entry);
        }
        entry.Deadline = deadline;
        entry.Tick = tick;
        Insert(entry);
    }

    /// <summary>Takes the entry out; does nothing when it is not scheduled.</summary>
    /// <exception cref="InvalidOperationException">The entry is scheduled in another wheel.</exception>
    public void Cancel(TimerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Wheel is null)
            return;
        ThrowIfForeign(entry);
        Remove(entry);
        entry.Deadline = MonotonicTime.Never;
    }

    /// <summary>
    /// Fires what is due, tick by tick and in the order of scheduling within a tick, and returns how many fired. An
    /// exception of an entry passes through; the entries after it fire with the next call.
    /// </summary>
    public int Advance(MonotonicTime now)
    {
        // Rounded down, where deadlines are rounded up: never early.
        _horizon = Math.Clamp(now.Ticks / TimeSpan.TicksPerMillisecond, _horizon, LastTick - 1);
        int fired = 0;
        while (FindSoonest(out int slot, out long tick) && tick <= _horizon)
        {
            _current = tick;
            if (slot >= SlotsPerLevel)
                MoveDown(slot);
            else
                fired += Fire(slot, now);
        }
        _current = _horizon;
        return fired;
    }

    /// <summary>The first tick that is not before <paramref name="deadline"/>.</summary>
    private static long TickAtOrAfter(MonotonicTime deadline)
    {
        (long tick, long rest) = Math.DivRem(deadline.Ticks, TimeSpan.TicksPerMillisecond);
        return rest > 0 ? tick + 1 : tick;
    }

    private bool FindSoonest(out int slot, out long tick)
    {
        for (int level = 0; level < Levels; level++)
        {
            if (_occupied[level] == 0)
                continue;
            int digit = BitOperations.TrailingZeroCount(_occupied[level]);
            int shift = level * DigitBits;
            slot = level * SlotsPerLevel + digit;
            tick = ((_current >> (shift + DigitBits)) << (shift + DigitBits)) | ((long)digit << shift);
            return true;
        }
        slot = 0;
        tick = 0;
        return false;
    }

    /// <summary>The least tick of the slot's entries, or the slot's own first one when they are many.</summary>
    private long EarliestOf(int slot, long start)
    {
        // The lowest level has a slot for each tick.
        if (slot < SlotsPerLevel)
            return start;
        TimerEntry first = _slots[slot]!;
        long earliest = first.Tick;
        TimerEntry entry = first.Next!;
        for (int seen = 1; entry != first; seen++, entry = entry.Next!)
        {
            if (seen == LookAhead)
                return start;
            earliest = Math.Min(earliest, entry.Tick);
        }
        return earliest;
    }

    private int Fire(int slot, MonotonicTime now)
    {
        int fired = 0;
        while (_slots[slot] is { } entry)
        {
            Remove(entry);
            entry.Deadline = MonotonicTime.Never;
            fired++;
            entry.OnDue(now);
        }
        return fired;
    }

    private void MoveDown(int slot)
    {
        while (_slots[slot] is { } entry)
        {
            Remove(entry);
            Insert(entry);
        }
    }

    private void Insert(TimerEntry entry)
    {
        ulong difference = (ulong)(entry.Tick ^ _current) | 1;
        int level = BitOperations.Log2(difference) / DigitBits;
        int digit = (int)(entry.Tick >> (level * DigitBits)) & (SlotsPerLevel - 1);
        entry.Slot = level * SlotsPerLevel + digit;
        entry.Wheel = this;
        _occupied[level] |= 1UL << digit;
        Count++;

        ref TimerEntry? first = ref _slots[entry.Slot];
        if (first is null)
        {
            first = entry.Next = entry.Previous = entry;
            return;
        }
        TimerEntry last = first.Previous!;
        entry.Previous = last;
        entry.Next = first;
        last.Next = entry;
        first.Previous = entry;
    }

    private void Remove(TimerEntry entry)
    {
        ref TimerEntry? first = ref _slots[entry.Slot];
        if (entry.Next == entry)
        {
            first = null;
            _occupied[entry.Slot / SlotsPerLevel] &= ~(1UL << (entry.Slot % SlotsPerLevel));
        }
        else
        {
            entry.Previous!.Next = entry.Next;
            entry.Next!.Previous = entry.Previous;
            if (first == entry)
                first = entry.Next;
        }
        entry.Next = entry.Previous = null;
        entry.Wheel = null;
        Count--;
    }

    private void ThrowIfForeign(TimerEntry entry)
    {
        if (entry.Wheel != this)
            throw new InvalidOperationException("The entry is scheduled in another wheel.");
    }
}
