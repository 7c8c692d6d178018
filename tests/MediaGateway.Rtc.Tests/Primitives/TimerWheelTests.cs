using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Primitives;

public sealed class TimerWheelTests
{
    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(1_000);

    private readonly TimerWheel _wheel = new(Start);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Wheel_of_random_operations_does_what_a_sorted_list_does(int seed)
    {
        byte[] script = new byte[10_000 * TimerWheelModel.OperationLength];
        new Random(seed).NextBytes(script);
        TimerWheelModel.Play(script);
    }

    [Fact]
    public void Wheel_of_random_short_scripts_does_what_a_sorted_list_does()
    {
        Random random = new(2_000);
        byte[] script = new byte[16 * TimerWheelModel.OperationLength];
        for (int i = 0; i < 2_000; i++)
        {
            random.NextBytes(script);
            TimerWheelModel.Play(script);
        }
    }

    [Fact]
    public void Entry_never_fires_early_and_at_most_a_tick_late()
    {
        RecordingEntry entry = new();
        MonotonicTime deadline = Start + TimeSpan.FromMicroseconds(5_300);
        _wheel.Schedule(entry, deadline);

        Assert.Equal(0, _wheel.Advance(deadline));
        Assert.Equal(MonotonicTime.FromMilliseconds(1_006), _wheel.NextDeadline);
        Assert.Equal(1, _wheel.Advance(MonotonicTime.FromMilliseconds(1_006)));
        Assert.Equal([MonotonicTime.FromMilliseconds(1_006)], entry.Fired);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(3_600_000)]
    [InlineData(1_000L * 3_600 * 24 * 365 * 10)]
    public void Entry_far_away_fires_exactly_on_its_tick(long milliseconds)
    {
        RecordingEntry entry = new();
        MonotonicTime deadline = Start + TimeSpan.FromMilliseconds(milliseconds);
        _wheel.Schedule(entry, deadline);

        int wakes = 0;
        while (entry.IsScheduled)
        {
            Assert.True(_wheel.NextDeadline <= deadline);
            _wheel.Advance(_wheel.NextDeadline);
            wakes++;
        }

        Assert.Equal([deadline], entry.Fired);
        Assert.Equal(1, wakes);
        Assert.True(_wheel.NextDeadline.IsNever);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    public void Few_entries_far_away_wake_for_nothing_never_and_many_at_most_once_a_level(int entries)
    {
        RecordingEntry[] all = [.. Enumerable.Range(0, entries).Select(_ => new RecordingEntry())];
        MonotonicTime first = MonotonicTime.FromMilliseconds(6_410);
        for (int i = 0; i < entries; i++)
            _wheel.Schedule(all[i], first + TimeSpan.FromMilliseconds(i));

        int wakes = 0;
        for (; _wheel.Count == entries; wakes++)
            _wheel.Advance(_wheel.NextDeadline);

        Assert.Equal([first], all[0].Fired);
        Assert.InRange(wakes, 1, entries <= 16 ? 1 : 3);
    }

    [Fact]
    public void Long_step_fires_entries_of_all_levels_in_the_order_of_their_deadlines()
    {
        List<int> order = [];
        int[] delays = [5_000, 3, 300_000, 3, 70, 20_000_000, 64];
        RecordingEntry[] entries = [.. delays.Select(delay => new RecordingEntry { Action = _ => order.Add(delay) })];
        for (int i = 0; i < delays.Length; i++)
            _wheel.Schedule(entries[i], Start + TimeSpan.FromMilliseconds(delays[i]));

        Assert.Equal(delays.Length, _wheel.Advance(Start + TimeSpan.FromHours(10)));
        Assert.Equal(delays.Order(), order);
    }

    [Fact]
    public void Rescheduled_entry_fires_once_at_the_new_deadline()
    {
        RecordingEntry entry = new();
        _wheel.Schedule(entry, Start + TimeSpan.FromMilliseconds(5));
        _wheel.Schedule(entry, Start + TimeSpan.FromMilliseconds(500));

        Assert.Equal(1, _wheel.Count);
        Assert.Equal(0, _wheel.Advance(Start + TimeSpan.FromMilliseconds(499)));
        Assert.Equal(1, _wheel.Advance(Start + TimeSpan.FromMilliseconds(500)));
        Assert.Equal(0, _wheel.Advance(Start + TimeSpan.FromMilliseconds(900)));
    }

    [Fact]
    public void Cancelled_entry_does_not_fire_and_may_be_cancelled_again()
    {
        RecordingEntry entry = new();
        _wheel.Schedule(entry, Start + TimeSpan.FromMilliseconds(5));
        _wheel.Cancel(entry);
        _wheel.Cancel(entry);

        Assert.False(entry.IsScheduled);
        Assert.Equal(0, _wheel.Advance(Start + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Never_as_deadline_cancels()
    {
        RecordingEntry entry = new();
        _wheel.Schedule(entry, Start + TimeSpan.FromMilliseconds(5));
        _wheel.Schedule(entry, MonotonicTime.Never);

        Assert.False(entry.IsScheduled);
        Assert.True(_wheel.NextDeadline.IsNever);
    }

    [Fact]
    public void Entry_that_reschedules_itself_into_the_past_fires_once_a_call()
    {
        RecordingEntry entry = new();
        entry.Action = _ => _wheel.Schedule(entry, Start);
        _wheel.Schedule(entry, Start + TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, _wheel.Advance(Start + TimeSpan.FromSeconds(1)));
        Assert.Equal(Start + TimeSpan.FromMilliseconds(1_001), _wheel.NextDeadline);
        Assert.Equal(1, _wheel.Advance(_wheel.NextDeadline));
    }

    [Fact]
    public void Entry_that_cancels_a_later_one_of_the_same_tick_keeps_it_from_firing()
    {
        RecordingEntry second = new();
        RecordingEntry first = new() { Action = _ => _wheel.Cancel(second) };
        _wheel.Schedule(first, Start + TimeSpan.FromMilliseconds(5));
        _wheel.Schedule(second, Start + TimeSpan.FromMilliseconds(5));

        Assert.Equal(1, _wheel.Advance(Start + TimeSpan.FromSeconds(1)));
        Assert.Empty(second.Fired);
    }

    [Fact]
    public void Exception_of_an_entry_leaves_the_ones_behind_it_to_the_next_call()
    {
        RecordingEntry faulty = new() { Action = _ => throw new InvalidOperationException("bug") };
        RecordingEntry same = new();
        RecordingEntry later = new();
        _wheel.Schedule(faulty, Start + TimeSpan.FromMilliseconds(100));
        _wheel.Schedule(same, Start + TimeSpan.FromMilliseconds(100));
        _wheel.Schedule(later, Start + TimeSpan.FromMilliseconds(5_000));

        MonotonicTime now = Start + TimeSpan.FromSeconds(10);
        Assert.Throws<InvalidOperationException>(() => _wheel.Advance(now));
        Assert.True(_wheel.NextDeadline <= now);
        Assert.Equal(2, _wheel.Advance(now));
        Assert.False(faulty.IsScheduled);
        Assert.Single(same.Fired);
        Assert.Single(later.Fired);
    }

    [Fact]
    public void Entry_of_another_wheel_is_refused()
    {
        TimerWheel other = new(Start);
        RecordingEntry entry = new();
        other.Schedule(entry, Start + TimeSpan.FromMilliseconds(5));

        Assert.Throws<InvalidOperationException>(() => _wheel.Schedule(entry, Start + TimeSpan.FromMilliseconds(9)));
        Assert.Throws<InvalidOperationException>(() => _wheel.Cancel(entry));
        Assert.Equal(1, other.Count);
    }

    [Fact]
    public void Wheel_in_use_allocates_nothing()
    {
        CountingEntry[] entries = [.. Enumerable.Range(0, 100).Select(_ => new CountingEntry(_wheel))];
        MonotonicTime now = Start;
        Use(1_000);
        Assert.Equal(0, AllocatedBytes.LeastOf(() => Use(10_000)));
        Assert.True(entries.Sum(entry => entry.Fired) > 1_000);

        void Use(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                _wheel.Schedule(entries[i % 100], now + TimeSpan.FromMilliseconds(i * 7 % 300));
                if (i % 5 == 0)
                    _wheel.Cancel(entries[i * 3 % 100]);
                now += TimeSpan.FromMilliseconds(1);
                _wheel.Advance(now);
            }
        }
    }

    private sealed class RecordingEntry : TimerEntry
    {
        public List<MonotonicTime> Fired { get; } = [];

        public Action<MonotonicTime>? Action { get; set; }

        protected internal override void OnDue(MonotonicTime now)
        {
            Fired.Add(now);
            Action?.Invoke(now);
        }
    }

    private sealed class CountingEntry(TimerWheel wheel) : TimerEntry
    {
        public int Fired { get; private set; }

        protected internal override void OnDue(MonotonicTime now)
        {
            Fired++;
            wheel.Schedule(this, now + TimeSpan.FromMilliseconds(20));
        }
    }
}
