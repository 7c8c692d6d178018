namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// Packets that arrived in the last 1.6 s, in slots of 26 ms of the receiver's clock: bytes and the least delay of each slot. The least
/// delay of four slots is the queue that stands: jitter, bursts, and a receiver that was late to read do not move it, because the last
/// packet of a bunch was hardly delayed.
/// </summary>
internal sealed class ArrivalWindow
{
    /// <summary>Slots over which a queue has to stand to count.</summary>
    public const int StandingSlots = 4;

    /// <summary>Bound of arrival times in ticks, a century from the origin, so that differences of what a receiver claims fit.</summary>
    public const long Bound = 1L << 55;

    private const int SlotShift = 18; // 2^18 ticks are 26.2 ms
    private const int Slots = 64;
    private const long LongestJump = 10 * TimeSpan.TicksPerSecond;

    private readonly Slot[] _slots = new Slot[Slots];
    private long _newestSlot;
    private long _first;

    public bool IsEmpty { get; private set; } = true;

    /// <summary>Latest arrival, ticks of the receiver's clock.</summary>
    public long Newest { get; private set; }

    /// <summary>Notes a packet.</summary>
    /// <param name="arrival">Its arrival, ticks.</param>
    /// <param name="delay">Arrival less time of sending, ticks; only differences mean something.</param>
    /// <param name="bytes">Its size.</param>
    /// <returns>False when the receiver's clock has jumped, and all before is forgotten.</returns>
    public bool Add(long arrival, long delay, int bytes)
    {
        bool isSteady = IsEmpty || Math.Abs(arrival - Newest) <= LongestJump;
        if (IsEmpty || !isSteady)
            Restart(arrival);
        long number = arrival >> SlotShift;
        if (number > _newestSlot)
            Advance(number);
        else if (_newestSlot - number >= Slots)
            return isSteady;
        Newest = Math.Max(Newest, arrival);
        ref Slot slot = ref _slots[number & (Slots - 1)];
        slot.Least = slot.Bytes == 0 ? delay : Math.Min(slot.Least, delay);
        slot.Bytes += bytes;
        return isSteady;
    }

    /// <summary>Least delay of some slots; null when nothing arrived in them.</summary>
    /// <param name="age">Slots between the newest and the last of them.</param>
    /// <param name="count">Their number.</param>
    public long? LeastDelay(int age, int count)
    {
        long least = long.MaxValue;
        for (int i = age; i < Math.Min(age + count, Slots); i++)
        {
            ref Slot slot = ref _slots[(_newestSlot - i) & (Slots - 1)];
            if (slot.Bytes > 0 && slot.Least < least)
                least = slot.Least;
        }
        return least == long.MaxValue ? null : least;
    }

    /// <summary>Rate at which packets arrived in the last time, at most 1.6 s; bits per second, 0 before there are 50 ms.</summary>
    public double Rate(TimeSpan span)
    {
        int count = Math.Clamp((int)((span.Ticks + (1L << (SlotShift - 1))) >> SlotShift), 1, Slots);
        long bytes = 0;
        for (int i = 0; i < count; i++)
            bytes += _slots[(_newestSlot - i) & (Slots - 1)].Bytes;
        long start = Math.Max(_first, (_newestSlot - count + 1) << SlotShift);
        long elapsed = Newest - start;
        return IsEmpty || elapsed < 50 * TimeSpan.TicksPerMillisecond ? 0 : bytes * 8.0 * TimeSpan.TicksPerSecond / elapsed;
    }

    public void Clear()
    {
        IsEmpty = true;
        Array.Clear(_slots);
    }

    public static int SlotsOf(TimeSpan span) => (int)(span.Ticks >> SlotShift);

    private void Restart(long arrival)
    {
        Clear();
        IsEmpty = false;
        Newest = _first = arrival;
        _newestSlot = arrival >> SlotShift;
    }

    private void Advance(long number)
    {
        long steps = Math.Min(number - _newestSlot, Slots);
        for (long i = 0; i < steps; i++)
            _slots[(number - i) & (Slots - 1)] = default;
        _newestSlot = number;
    }

    private struct Slot
    {
        public long Least;
        public int Bytes;
    }
}
