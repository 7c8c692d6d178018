namespace MediaGateway.Server.Tests.Support;

/// <summary>Time that stands still until it is told to go on.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = DateTimeOffset.UtcNow;
    private TimeSpan _step;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now + _step;
    }

    public override long GetTimestamp() => Monotonic.Ticks;

    private DateTimeOffset Monotonic
    {
        get
        {
            lock (_lock)
                return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        lock (_lock)
            _timers.Add(timer);
        RunDue();
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        lock (_lock)
            _now += time;
        RunDue();
    }

    /// <summary>Waits until somebody waits for this clock, and returns for how long still.</summary>
    /// <exception cref="OperationCanceledException">Nobody does within the limit, which is real time.</exception>
    public async Task<TimeSpan> NextTimerAsync(TimeSpan limit)
    {
        using var ended = new CancellationTokenSource(limit);
        while (true)
        {
            lock (_lock)
            {
                if (_timers.Min(timer => timer.Due) is { } due)
                    return due - _now;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(1), ended.Token);
        }
    }

    /// <summary>Sets the machine's clock forward, or back: no time passes by it.</summary>
    public void Set(TimeSpan step)
    {
        lock (_lock)
            _step += step;
    }

    private void RunDue()
    {
        ManualTimer[] timers;
        lock (_lock)
            timers = [.. _timers];
        foreach (ManualTimer timer in timers)
            timer.RunIfDue(Monotonic);
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private DateTimeOffset? _due;
        private TimeSpan _period;

        /// <summary>Time of the next turn; null when there is none.</summary>
        public DateTimeOffset? Due => _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.Monotonic + dueTime;
            _period = period;
            return true;
        }

        public void RunIfDue(DateTimeOffset now)
        {
            if (_due is not { } due || due > now)
                return;
            _due = _period > TimeSpan.Zero ? now + _period : null;
            callback(state);
        }

        public void Dispose()
        {
            _due = null;
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
