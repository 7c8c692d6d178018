using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Primitives;

/// <summary>
/// Plays a script of operations on a <see cref="TimerWheel"/> and on a plain list, and throws where they differ: in
/// what fires, in which order, or in a next deadline that is later than the soonest entry.
/// </summary>
/// <remarks>
/// An operation is four bytes: kind, entry, and an amount of time as mantissa and exponent, which reaches from
/// nothing to hours. Trailing bytes are ignored.
/// </remarks>
public sealed class TimerWheelModel
{
    public const int OperationLength = 4;
    private const int EntryCount = 32;

    private readonly ModelledEntry[] _entries;
    private readonly List<int> _fired = [];
    private readonly TimerWheel _wheel;
    private MonotonicTime _now;
    private long _scheduled;

    private TimerWheelModel(MonotonicTime start)
    {
        _now = start;
        _wheel = new TimerWheel(start);
        _entries = [.. Enumerable.Range(0, EntryCount).Select(index => new ModelledEntry(this, index))];
    }

    /// <exception cref="InvalidOperationException">The wheel does not do what the list does.</exception>
    public static void Play(ReadOnlySpan<byte> script)
    {
        TimerWheelModel model = new(new MonotonicTime(12_345_678));
        for (; script.Length >= OperationLength; script = script[OperationLength..])
            model.Apply(script[0], model._entries[script[1] % EntryCount], AmountOf(script[2], script[3]));
    }

    private static TimeSpan AmountOf(byte mantissa, byte exponent) => new((long)mantissa << (exponent % 30));

    private void Apply(byte kind, ModelledEntry entry, TimeSpan amount)
    {
        switch (kind % 6)
        {
            case 0:
                Advance(_now + amount);
                break;
            case 1:
                Schedule(entry, _now - amount);
                break;
            case 2:
                Cancel(entry);
                break;
            case 3:
                entry.Again = entry.Again is null ? amount : null;
                break;
            default:
                Schedule(entry, _now + amount);
                break;
        }
        Check();
    }

    private void Schedule(ModelledEntry entry, MonotonicTime deadline)
    {
        _wheel.Schedule(entry, deadline);
        long tick = Math.Max((deadline.Ticks + 9_999) / 10_000, _now.Ticks / 10_000 + 1);
        if (entry.ExpectedTick == tick)
            return;
        entry.ExpectedTick = tick;
        entry.Order = _scheduled++;
    }

    private void Cancel(ModelledEntry entry)
    {
        _wheel.Cancel(entry);
        entry.ExpectedTick = null;
    }

    private void Advance(MonotonicTime to)
    {
        _now = to;
        int[] expected =
        [
            .. _entries.Where(entry => entry.ExpectedTick <= to.Ticks / 10_000)
                .OrderBy(entry => entry.ExpectedTick)
                .ThenBy(entry => entry.Order)
                .Select(entry => entry.Index),
        ];
        _fired.Clear();
        int fired = _wheel.Advance(to);
        Require(fired == _fired.Count, $"Advance returned {fired} after firing {_fired.Count}");
        Require(
            _fired.SequenceEqual(expected),
            $"fired [{string.Join(' ', _fired)}], expected [{string.Join(' ', expected)}] at {to}");
    }

    private void Check()
    {
        int expected = 0;
        long soonest = long.MaxValue;
        foreach (ModelledEntry entry in _entries)
        {
            Require(entry.IsScheduled == entry.ExpectedTick is not null, $"entry {entry.Index} is scheduled: {entry.IsScheduled}");
            if (entry.ExpectedTick is not { } tick)
                continue;
            expected++;
            soonest = Math.Min(soonest, tick);
        }
        MonotonicTime next = _wheel.NextDeadline;
        Require(_wheel.Count == expected, $"count {_wheel.Count}, expected {expected}");
        Require(next.IsNever == (expected == 0), $"next deadline {next} with {expected} entries");
        Require(expected == 0 || next.Ticks <= soonest * 10_000, $"next deadline {next} is after tick {soonest}");
        Require(next > _now, $"next deadline {next} is not after {_now}");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new InvalidOperationException(message);
    }

    private sealed class ModelledEntry(TimerWheelModel model, int index) : TimerEntry
    {
        public int Index { get; } = index;

        /// <summary>Time after firing at which the entry schedules itself again.</summary>
        public TimeSpan? Again { get; set; }

        public long? ExpectedTick { get; set; }

        public long Order { get; set; }

        protected internal override void OnDue(MonotonicTime now)
        {
            Require(now == model._now, $"fired at {now}, advanced to {model._now}");
            model._fired.Add(Index);
            ExpectedTick = null;
            if (Again is { } again)
                model.Schedule(this, now + again);
        }
    }
}
