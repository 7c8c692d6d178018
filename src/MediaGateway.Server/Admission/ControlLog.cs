namespace MediaGateway.Server.Admission;

internal static partial class ControlLog
{
    [LoggerMessage(501, LogLevel.Information, "{Method} by {Key} {Identity}: {Result}")]
    public static partial void Commanded(this ILogger logger, string method, string key, string identity, string result);

    [LoggerMessage(503, LogLevel.Error,
        "Commands cannot be written to {File}: {Problem} They wait, up to {Capacity}, and are tried again.")]
    public static partial void AuditFileFailed(this ILogger logger, string file, string problem, int capacity);

    [LoggerMessage(504, LogLevel.Information, "Commands are written to {File} again.")]
    public static partial void AuditFileWorks(this ILogger logger, string file);
}
