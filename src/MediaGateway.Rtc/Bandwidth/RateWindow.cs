using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>Rate of what was sent over the last half second, in slots of 26 ms.</summary>
internal sealed class RateWindow
{
    private const int SlotShift = 18; // 2^18 ticks are 26.2 ms
    private const int Slots = 32;
    private const int Used = 19; // 0.5 s

    private readonly int[] _bytes = new int[Slots];
    private long _newest;
    private long _sum;
    private long _start = long.MaxValue;

    /// <summary>Greatest rate of half a second, which is forgotten by half in 10 s; bits per second.</summary>
    public double Greatest { get; private set; }

    public void Add(int bytes, MonotonicTime now)
    {
        if (_start == long.MaxValue)
            (_start, _newest) = (now.Ticks, now.Ticks >> SlotShift);
        Advance(now);
        _bytes[_newest & (Slots - 1)] += bytes;
        _sum += bytes;
    }

    /// <summary>Rate in bits per second; what was sent in the first 100 ms counts as that long.</summary>
    public double Rate(MonotonicTime now)
    {
        if (_start == long.MaxValue)
            return 0;
        Advance(now);
        return RateUntil(now.Ticks);
    }

    private void Advance(MonotonicTime now)
    {
        long slot = now.Ticks >> SlotShift;
        if (slot <= _newest)
            return;
        Greatest = Math.Max(Greatest * (1 - 0.0018 * Math.Min(slot - _newest, 380)), RateUntil((_newest + 1) << SlotShift));
        if (slot - _newest >= Slots)
        {
            Array.Clear(_bytes);
            (_sum, _newest) = (0, slot);
            return;
        }
        while (_newest < slot)
        {
            _newest++;
            _sum -= _bytes[(_newest - Used) & (Slots - 1)];
            _bytes[(_newest - Used) & (Slots - 1)] = 0;
            _bytes[_newest & (Slots - 1)] = 0;
        }
    }

    private double RateUntil(long ticks)
    {
        long begin = Math.Max(_start, (_newest - Used + 1) << SlotShift);
        long elapsed = Math.Max(ticks - begin, 100 * TimeSpan.TicksPerMillisecond);
        return _sum * 8.0 * TimeSpan.TicksPerSecond / elapsed;
    }
}
