using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MediaGateway.Server.Telemetry;

/// <summary>
/// One event a line: time, level, our scopes, message. The framework's own scopes stay out: they carry the request's
/// path, and with it session ids.
/// </summary>
internal sealed class LineConsoleFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", CultureInfo.InvariantCulture));
        textWriter.Write(LevelName(logEntry.LogLevel));
        scopeProvider?.ForEachScope(WriteScope, textWriter);
        textWriter.Write(' ');
        textWriter.WriteLine(SingleLine(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is { } exception)
            textWriter.WriteLine(exception);
    }

    private static void WriteScope(object? scope, TextWriter writer)
    {
        string? text = scope?.ToString();
        if (text is null || !text.StartsWith('['))
            return;
        writer.Write(' ');
        writer.Write(text);
    }

    /// <summary>Puts a message on a single line, so that text from a client cannot start a line of its own.</summary>
    private static string SingleLine(string message) => message.ReplaceLineEndings(" ");

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRC",
        LogLevel.Debug => "DBG",
        LogLevel.Information => "INF",
        LogLevel.Warning => "WRN",
        LogLevel.Error => "ERR",
        _ => "CRT",
    };
}
