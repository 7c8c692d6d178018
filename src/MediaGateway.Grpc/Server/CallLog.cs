using Microsoft.Extensions.Logging;

namespace MediaGateway.Grpc.Server;

internal static partial class CallLog
{
    [LoggerMessage(601, LogLevel.Error, "A bug was hit in {Method}")]
    public static partial void CallFault(this ILogger logger, string method, Exception fault);
}
