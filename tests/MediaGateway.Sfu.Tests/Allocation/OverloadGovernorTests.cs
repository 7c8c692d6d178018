using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;

namespace MediaGateway.Sfu.Tests.Allocation;

public sealed class OverloadGovernorTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    private readonly OverloadGovernor _governor;
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1_000_000);

    public OverloadGovernorTests() => _governor = new OverloadGovernor(_now);

    /// <summary>
    /// Busy in percent, delay in milliseconds (none: the system does not tell), losses; and whether that asks for more to be left out.
    /// </summary>
    [Theory]
    [InlineData(50, 0, 0, false)]
    [InlineData(94, 0, 0, false)]
    [InlineData(100, 0, 0, false)]
    [InlineData(100, 20, 0, false)]
    [InlineData(100, 21, 0, true)]
    [InlineData(100, 500, 0, true)]
    [InlineData(94, 500, 0, false)]
    [InlineData(94, 0, 100, false)]
    [InlineData(100, 0, 1, true)]
    [InlineData(100, null, 0, true)]
    [InlineData(94, null, 0, false)]
    public void Overload_is_to_be_busy_while_datagrams_wait_or_are_lost(int busy, int? delay, long lost, bool isOverload)
    {
        var load = new WorkerLoad(busy / 100.0, busy / 100.0, delay is { } waits ? TimeSpan.FromMilliseconds(waits) : null, lost);
        for (int i = 0; i < 10 && _governor.Level == 0; i++)
            Feed(load);
        Assert.Equal(isOverload ? 1 : 0, _governor.Level);
    }

    /// <summary>Share of the time in which code was compiled, percent, while datagrams wait ever longer.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(10, false)]
    [InlineData(80, false)]
    public void Worker_whose_code_is_being_compiled_leaves_nothing_out(int compiling, bool isOverload)
    {
        for (int i = 1; i <= 10; i++)
            Feed(new WorkerLoad(1, 1, TimeSpan.FromMilliseconds(100 * i), 0) { Compiling = compiling / 100.0 });
        Assert.Equal(isOverload, _governor.Level > 0);

        // Once it is compiled, what is too much is too much.
        for (int i = 11; i <= 20; i++)
            Feed(new WorkerLoad(1, 1, TimeSpan.FromMilliseconds(100 * i), 0));
        Assert.True(_governor.Level > 0);
    }

    /// <summary>Share of the time that it had the processor, percent.</summary>
    [Theory]
    [InlineData(100, true)]
    [InlineData(30, true)]
    [InlineData(20, false)]
    [InlineData(1, false)]
    public void Worker_that_others_keep_from_the_processor_leaves_out_only_what_matters(int cpu, bool isOverload)
    {
        for (int i = 1; i <= 10; i++)
            Feed(new WorkerLoad(1, cpu / 100.0, TimeSpan.FromMilliseconds(100 * i), 0));
        Assert.Equal(isOverload, _governor.Level > 0);
    }

    /// <summary>A process that was stopped finds full sockets, and serves them as fast as it can.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    public void Backlog_of_a_suspension_leaves_nothing_out(int busyBefore)
    {
        _now += TimeSpan.FromSeconds(10);
        Feed(new WorkerLoad(busyBefore / 100.0, 0.01, TimeSpan.FromSeconds(10), 0));
        Feed(new WorkerLoad(1, 1, TimeSpan.FromSeconds(9.5), 20_000));
        for (int i = 0; i < 8; i++)
            Feed(new WorkerLoad(1, 1, TimeSpan.FromSeconds(9 - i), 0));
        Assert.Equal(0, _governor.Level);
    }

    [Fact]
    public void Overload_after_a_suspension_is_one()
    {
        _now += TimeSpan.FromSeconds(10);
        Feed(new WorkerLoad(0.2, 0.01, TimeSpan.FromSeconds(10), 0));
        for (int i = 1; i <= 10; i++)
            Feed(new WorkerLoad(1, 1, TimeSpan.FromMilliseconds(Math.Min(i * 60, 400)), 0));
        Assert.True(_governor.Level > 0);
    }

    [Fact]
    public void One_hiccup_of_the_machine_leaves_nothing_out()
    {
        for (int i = 0; i < 20; i++)
        {
            Feed(1, 300);
            Feed(0.5, 0);
        }
        Assert.Equal(0, _governor.Level);
    }

    /// <summary>Milliseconds by which what waits grows from one look to the next; and at which look something is left out.</summary>
    [Theory]
    [InlineData(200, 2)]
    [InlineData(50, 3)]
    [InlineData(30, 4)]
    [InlineData(10, 7)]
    public void Overload_is_certain_the_sooner_the_more_there_is_of_it(int growth, int looks)
    {
        for (int look = 1; look <= looks; look++)
        {
            Assert.Equal(0, _governor.Level);
            Feed(1, growth * look);
        }
        Assert.Equal(1, _governor.Level);
    }

    [Fact]
    public void Level_rises_with_every_look_until_nothing_is_left_to_leave_out()
    {
        Feed(1, 100);
        for (int level = 1; level <= SheddingPlan.MaxLevel; level++)
        {
            Feed(1, 100 + level);
            Assert.Equal(level, _governor.Level);
        }
        Feed(1, 1000);
        Assert.Equal(SheddingPlan.MaxLevel, _governor.Level);
    }

    [Fact]
    public void What_waits_and_gets_less_is_given_time_to_go()
    {
        Feed(1, 400);
        Feed(1, 500);
        for (double delay = 480; delay > 20; delay -= 20)
            Feed(1, delay);
        Assert.Equal(1, _governor.Level);
    }

    /// <summary>
    /// A collection of the garbage collector, or another program: at this load in cores, for so many milliseconds. What has come meanwhile
    /// is worked off the
    /// slower the higher the load is.
    /// </summary>
    [Theory]
    [InlineData(0.77, 30)]
    [InlineData(0.77, 100)]
    [InlineData(0.9, 30)]
    [InlineData(0.9, 100)]
    [InlineData(0.94, 100)]
    public void Hiccup_at_a_load_that_is_carried_leaves_nothing_out(double load, double hiccup)
    {
        Run(5, _ => load);
        double waiting = hiccup;
        for (; waiting > 0; waiting -= (1 - load) * Window.TotalMilliseconds)
            Feed(1, waiting);
        Run(5, _ => load);
        Assert.Equal(0, _governor.Level);
    }

    [Fact]
    public void What_waits_and_hardly_gets_less_is_not()
    {
        Feed(1, 400);
        Feed(1, 500);
        Feed(1, 490);
        Assert.Equal(2, _governor.Level);
    }

    [Fact]
    public void Level_falls_by_one_a_second_in_quiet_times_to_zero()
    {
        RiseTo(5);
        List<(double Seconds, int Level)> changes = Run(20, _ => 0.3);
        Assert.Equal([4, 3, 2, 1, 0], changes.Select(change => change.Level));
        Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.InRange(pair.Second.Seconds - pair.First.Seconds, 0.99, 1.2));
    }

    [Theory]
    [InlineData(0.91)]
    [InlineData(0.94)]
    public void Level_stays_while_there_is_no_room_for_more(double busy)
    {
        RiseTo(3);
        Assert.Empty(Run(60, _ => busy));
    }

    [Fact]
    public void Level_that_a_hiccup_has_brought_falls_although_the_load_is_high()
    {
        RiseTo(3);
        List<(double Seconds, int Level)> changes = Run(40, _ => 0.85);
        Assert.Equal([2, 1, 0], changes.Select(change => change.Level));
        Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.InRange(pair.Second.Seconds - pair.First.Seconds, 9.9, 10.2));
    }

    [Fact]
    public void Level_that_was_too_low_is_tried_less_and_less_often()
    {
        RiseTo(4);
        List<(double Seconds, int Level)> changes = Run(300, level => level >= 4 ? 0.6 : 1.1);
        Assert.All(changes, change => Assert.InRange(change.Level, 3, 4));
        double[] tries = [.. changes.Where(change => change.Level == 3).Select(change => change.Seconds)];
        Assert.InRange(tries.Length, 4, 6);
        double[] pauses = [.. tries.Zip(tries.Skip(1), (first, second) => second - first)];
        Assert.Equal(pauses.Order(), pauses);
        Assert.True(pauses[^1] > 75, $"{pauses[^1]} s");
        Assert.True(changes.Count(change => change.Seconds <= 60) <= 8, string.Join(' ', changes));
        // Back up as soon as it is certain that it was wrong.
        Assert.All(changes.Zip(changes.Skip(1)).Where(pair => pair.First.Level == 3), pair =>
            Assert.InRange(pair.Second.Seconds - pair.First.Seconds, 0, 1));
    }

    /// <summary>Load in cores with all that a level leaves out, and a hiccup of so many milliseconds every three seconds.</summary>
    [Theory]
    [InlineData(0.65, 60)]
    [InlineData(0.75, 40)]
    [InlineData(0.75, 60)]
    [InlineData(0.85, 30)]
    public void Hiccups_on_the_way_down_bring_no_level_back(double load, double hiccup)
    {
        RiseTo(6);
        for (int i = 0; i < 30; i++)
        {
            int before = _governor.Level;
            Run(3, _ => load);
            for (double waiting = hiccup; waiting > 0; waiting -= (1 - load) * Window.TotalMilliseconds)
                Feed(1, waiting);
            Assert.InRange(_governor.Level, 0, before);
        }
        Assert.Equal(0, _governor.Level);
    }

    [Fact]
    public void Load_that_falls_makes_up_for_a_failed_try()
    {
        RiseTo(4);
        Run(40, level => level >= 4 ? 0.6 : 1.1);
        List<(double Seconds, int Level)> changes = Run(15, level => 0.3);
        Assert.Equal(0, changes[^1].Level);
    }

    /// <summary>A load by level, in cores: what is beyond one piles up, and is worked off by what is left.</summary>
    private List<(double Seconds, int Level)> Run(double seconds, Func<int, double> loadOf)
    {
        List<(double, int)> changes = [];
        MonotonicTime start = _now;
        double waiting = 0;
        while ((_now - start).TotalSeconds < seconds)
        {
            double load = loadOf(_governor.Level);
            waiting = Math.Max(0, waiting + ((load - 1) * Window.TotalMilliseconds));
            int before = _governor.Level;
            Feed(waiting > 0 ? 1 : Math.Min(load, 1), waiting);
            if (_governor.Level != before)
                changes.Add(((_now - start).TotalSeconds, _governor.Level));
        }
        return changes;
    }

    private void RiseTo(int level)
    {
        for (int delay = 100; _governor.Level < level; delay += 50)
            Feed(1, delay);
    }

    private void Feed(double busy, double delay) => Feed(new WorkerLoad(busy, busy, TimeSpan.FromMilliseconds(delay), 0));

    private void Feed(in WorkerLoad load)
    {
        _now += Window;
        int step = _governor.Judge(load, _now);
        if (step != 0)
            _governor.MoveTo(_governor.Level + step, _now);
    }
}
