using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Support;

/// <summary>Keeps what is logged as an error.</summary>
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
        if (IsEnabled(logLevel))
            _all.Enqueue($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
