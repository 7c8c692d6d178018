namespace MediaGateway.Testing.Links;

/// <summary>The capacity of a link over time since the link began: constant between its steps. A capacity of zero stops the link.</summary>
public sealed class RateTrace
{
    private readonly (TimeSpan Start, double BitsPerTick)[] _steps;

    /// <param name="steps">Time of each change in seconds, ascending from 0, and the capacity from then on in Mb/s.</param>
    public RateTrace(params ReadOnlySpan<(double Seconds, double Megabits)> steps)
    {
        if (steps.IsEmpty || steps[0].Seconds != 0)
            throw new ArgumentException("A trace begins at 0.", nameof(steps));
        _steps = new (TimeSpan, double)[steps.Length];
        for (int i = 0; i < steps.Length; i++)
            _steps[i] = (TimeSpan.FromSeconds(steps[i].Seconds), steps[i].Megabits * 1e6 / TimeSpan.TicksPerSecond);
    }

    public static RateTrace Constant(double megabits) => new((0, megabits));

    /// <summary>Capacity at a time, Mb/s.</summary>
    public double MegabitsAt(TimeSpan time) => _steps[IndexAt(time)].BitsPerTick * TimeSpan.TicksPerSecond / 1e6;

    /// <summary>Mean capacity between two times, Mb/s.</summary>
    public double MeanMegabits(TimeSpan from, TimeSpan to)
    {
        double bits = 0;
        for (int i = IndexAt(from); i < _steps.Length && _steps[i].Start < to; i++)
            bits += _steps[i].BitsPerTick * (Min(EndOf(i), to) - Max(_steps[i].Start, from)).Ticks;
        return bits / 1e6 / (to - from).TotalSeconds;
    }

    /// <summary>Bytes that the capacity at a time carries in so long a time.</summary>
    public int BytesAt(TimeSpan time, TimeSpan length) => (int)(_steps[IndexAt(time)].BitsPerTick * length.Ticks / 8);

    /// <summary>Time at which the last bit of a packet has left, which began to leave at <paramref name="start"/>.</summary>
    /// <returns>Null when the trace ends with a capacity of zero and it never leaves.</returns>
    public TimeSpan? Finish(TimeSpan start, int bytes)
    {
        double bits = bytes * 8.0;
        TimeSpan time = start;
        for (int i = IndexAt(start); i < _steps.Length; i++)
        {
            double rate = _steps[i].BitsPerTick, room = i + 1 < _steps.Length ? rate * (_steps[i + 1].Start - time).Ticks
                : rate > 0 ? double.PositiveInfinity : 0;
            if (bits <= room)
                return time + new TimeSpan((long)Math.Ceiling(bits / rate));
            bits -= room;
            time = EndOf(i);
        }
        return null;
    }

    private int IndexAt(TimeSpan time)
    {
        int index = 0;
        while (index + 1 < _steps.Length && _steps[index + 1].Start <= time)
            index++;
        return index;
    }

    private TimeSpan EndOf(int index) => index + 1 < _steps.Length ? _steps[index + 1].Start : TimeSpan.MaxValue;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
