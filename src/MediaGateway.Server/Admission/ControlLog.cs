namespace MediaGateway.Server.Admission;

internal static partial class ControlLog
{
    [LoggerMessage(501, LogLevel.Information, "{Method} by {Key} {Identity}: {Result}")]
    public static partial void Commanded(this ILogger logger, string method, string key, string identity, string result);
}
