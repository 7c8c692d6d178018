using MediaGateway.Server.Background;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Background;

public sealed class SupervisorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualClock _clock = new();
    private readonly RecordingLogs _logs = new();
    private readonly RecordedCounts _counts = RecordedCounts.Create();
    private readonly LoggerFactory _loggers = new();
    private readonly Supervisor _supervisor;

    public SupervisorTests()
    {
        _loggers.AddProvider(_logs);
        _supervisor = new Supervisor(new BackgroundMetrics(_counts.Factory), _clock, _loggers.CreateLogger<Supervisor>());
    }

    [Fact]
    public async Task Work_that_fails_is_logged_and_counted_and_begun_again_until_it_goes_well()
    {
        int begun = 0;
        Task running = _supervisor.RunAsync("test", _ => ++begun < 4 ? throw new InvalidOperationException("broken") : Task.CompletedTask,
            CancellationToken.None);
        List<TimeSpan> pauses = [];
        for (int failure = 1; failure < 4; failure++)
        {
            (LogLevel level, string message) = await _logs.NextAsync(16);
            Assert.Equal(LogLevel.Error, level);
            Assert.Contains("test", message, StringComparison.Ordinal);
            TimeSpan paused = await _clock.NextTimerAsync(Patience);
            _clock.Advance(paused);
            pauses.Add(paused);
        }
        await running.WaitAsync(Patience);

        Assert.Equal(4, begun);
        Assert.Equal(3, _counts["mediagateway.background.failures test"]);
        Assert.Equal([Supervisor.FirstPause, 2 * Supervisor.FirstPause, 4 * Supervisor.FirstPause], pauses);
    }

    [Fact]
    public async Task Work_that_is_stopped_has_not_failed()
    {
        using var stop = new CancellationTokenSource();
        Task running = _supervisor.RunAsync("test", stopped => Task.Delay(Timeout.Infinite, stopped), stop.Token);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);

        Assert.Equal(0, _counts["mediagateway.background.failures test"]);
    }

    [Fact]
    public async Task Pause_after_a_failure_ends_when_the_work_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        Task running = _supervisor.RunAsync("test", _ => throw new InvalidOperationException("broken"), stop.Token);
        await _logs.NextAsync(16);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);

        Assert.Equal(1, _counts["mediagateway.background.failures test"]);
    }

    [Fact]
    public async Task Full_memory_is_not_taken()
    {
        await Assert.ThrowsAsync<InsufficientMemoryException>(() => _supervisor.RunAsync(
            "test", _ => throw new InsufficientMemoryException(), CancellationToken.None));
        Assert.Throws<InsufficientMemoryException>(() => _supervisor.Once("test", () => throw new InsufficientMemoryException()));
    }

    [Fact]
    public void Timer_has_its_next_turn_whatever_became_of_the_last()
    {
        int turns = 0;
        using ITimer timer = _supervisor.CreateTimer("test", () =>
        {
            turns++;
            throw new InvalidOperationException("broken");
        }, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(3, turns);
        Assert.Equal(3, _counts["mediagateway.background.failures test"]);
    }

    [Fact]
    public async Task Callbacks_and_tasks_that_nobody_awaits_fail_for_themselves()
    {
        using var cancelled = new CancellationTokenSource();
        using CancellationTokenRegistration registration =
            _supervisor.OnCancelled("callback", () => throw new IOException("gone"), cancelled.Token);
        await cancelled.CancelAsync();
        _supervisor.Start("task", async () =>
        {
            await Task.Yield();
            throw new IOException("gone");
        });
        Assert.Contains("callback", (await _logs.NextAsync(16)).Message, StringComparison.Ordinal);
        Assert.Contains("task", (await _logs.NextAsync(16)).Message, StringComparison.Ordinal);

        Assert.Equal((1, 1), (_counts["mediagateway.background.failures callback"], _counts["mediagateway.background.failures task"]));
    }

    [Fact]
    public async Task Failures_are_all_counted_and_logged_once_a_second()
    {
        for (int i = 0; i < 100; i++)
            _supervisor.Report("test", new IOException("disk full"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _supervisor.Report("test", new IOException("disk full"));

        Assert.Equal(101, _counts["mediagateway.background.failures test"]);
        await _logs.NextAsync(16);
        Assert.Contains("99 more", (await _logs.NextAsync(16)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Logger_that_cannot_write_does_not_fail_the_work()
    {
        using var loggers = new LoggerFactory([new BrokenLogs()]);
        var supervisor = new Supervisor(new BackgroundMetrics(_counts.Factory), _clock, loggers.CreateLogger<Supervisor>());

        supervisor.Report("test", new IOException("disk full"));

        Assert.Equal((1, 1), (_counts["mediagateway.background.failures test"], _counts["mediagateway.background.failures log"]));
    }

    [Fact]
    public async Task Failure_of_a_task_that_nobody_awaited_is_seen()
    {
        var unobserved = new UnobservedFailures(_supervisor);
        await unobserved.StartAsync(CancellationToken.None);
        Forget();
        using var limit = new CancellationTokenSource(Patience);
        // The collector finds out when it comes by.
        while (_counts["mediagateway.background.failures " + UnobservedFailures.TaskName] == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        await unobserved.StopAsync(CancellationToken.None);

        Assert.Contains(UnobservedFailures.TaskName, (await _logs.NextAsync(16)).Message, StringComparison.Ordinal);

        static void Forget() => new TaskCompletionSource().SetException(new IOException("nobody cares"));
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _logs.Dispose();
        _counts.Dispose();
    }

    private sealed class BrokenLogs : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => throw new IOException("broken pipe");

        public void Dispose()
        {
        }
    }
}
