using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLogs : ILoggerProvider, ILogger
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Channel<(int Id, LogLevel Level, string Message)> _lines = Channel.CreateUnbounded<(int, LogLevel, string)>();

    /// <summary>The next line of an event; earlier ones of others are lost.</summary>
    public async Task<(LogLevel Level, string Message)> NextAsync(int id)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            (int read, LogLevel level, string message) = await _lines.Reader.ReadAsync(limit.Token);
            if (read == id)
                return (level, message);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _lines.Writer.TryWrite((eventId.Id, logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}
