namespace MediaGateway.Server.Surfaces.Control.Connect;

internal static partial class CallLog
{
    [LoggerMessage(502, LogLevel.Error, "A bug was hit in {Method}")]
    public static partial void CallFault(this ILogger logger, string method, Exception fault);
}
