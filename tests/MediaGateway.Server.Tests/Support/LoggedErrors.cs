using System.Collections.Concurrent;
using MediaGateway.Server.Background;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Support;

/// <summary>
/// Keeps what is logged as an error. A task that nobody awaited is reported by every gateway of the process, whosever it was: it counts
/// when the server's code stands in it, and not when it is another test's.
/// </summary>
internal sealed class LoggedErrors : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _all = new();

    private LoggedErrors()
    {
    }

    public IReadOnlyCollection<string> All => _all;

    /// <summary>Makes one for a gateway, which disposes it.</summary>
    public static LoggedErrors Create() => new();

    public override string ToString() => string.Join('\n', _all);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        string text = $"{formatter(state, exception)} {exception}";
        if (IsEnabled(logLevel) && !IsOfAnotherTest(text))
            _all.Enqueue(text);
    }

    private static bool IsOfAnotherTest(string text) => text.Contains(UnobservedFailures.TaskName, StringComparison.Ordinal)
        && (!text.Contains("at MediaGateway.Server.", StringComparison.Ordinal)
            || text.Contains("at MediaGateway.Server.Tests.", StringComparison.Ordinal));

    public void Dispose()
    {
    }
}
