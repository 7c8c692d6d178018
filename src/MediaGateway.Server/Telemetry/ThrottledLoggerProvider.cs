using System.Collections.Concurrent;

namespace MediaGateway.Server.Telemetry;

/// <summary>
/// A throttle of what the framework says over and over: a client that breaks HTTP/2 thousands of times a second would write as many lines,
/// each with a stack trace. Of each of the framework's events one in <see cref="Interval"/> passes, with the number of those that did not.
/// The gateway's own lines all pass: what may be too much of them is counted where it happens. Ownership: owns the provider beneath.
/// </summary>
/// <param name="provider">Where lines go.</param>
/// <param name="clock">The time.</param>
[ProviderAlias("Console")]
internal sealed class ThrottledLoggerProvider(ILoggerProvider provider, TimeProvider clock) : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Time in which one event is said once.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const string Framework = "Microsoft.";

    public ILogger CreateLogger(string categoryName)
    {
        ILogger logger = provider.CreateLogger(categoryName);
        return categoryName.StartsWith(Framework, StringComparison.Ordinal) ? new ThrottledLogger(logger, clock) : logger;
    }

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) =>
        (provider as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    public void Dispose() => provider.Dispose();

    private sealed class ThrottledLogger(ILogger logger, TimeProvider clock) : ILogger
    {
        private readonly ConcurrentDictionary<int, Said> _said = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            Said said = _said.GetOrAdd(eventId.Id, _ => new Said());
            if (!said.MaySay(clock.GetTimestamp(), clock, out int suppressed))
                return;
            if (suppressed == 0)
                logger.Log(logLevel, eventId, state, exception, formatter);
            else
                logger.Log(logLevel, eventId, state, exception, (told, fault) =>
                    $"{formatter(told, fault)} ({suppressed} more like this before)");
        }
    }

    /// <summary>Time at which an event was said last, and how often it was not since.</summary>
    private sealed class Said
    {
        private readonly Lock _lock = new();
        private long _last;
        private int _suppressed;
        private bool _hasSaid;

        public bool MaySay(long now, TimeProvider clock, out int suppressed)
        {
            lock (_lock)
            {
                suppressed = _suppressed;
                if (_hasSaid && clock.GetElapsedTime(_last, now) < Interval)
                {
                    _suppressed++;
                    return false;
                }
                (_hasSaid, _last, _suppressed) = (true, now, 0);
                return true;
            }
        }
    }
}
