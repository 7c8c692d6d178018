using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace MediaGateway.Server.Connect;

/// <summary>gRPC's status codes as the Connect protocol names and maps them (https://connectrpc.com/docs/protocol#error-codes).</summary>
internal static class ConnectErrors
{
    private static readonly Dictionary<StatusCode, (string Name, int Http)> Codes = new()
    {
        [StatusCode.Cancelled] = ("canceled", 499),
        [StatusCode.Unknown] = ("unknown", StatusCodes.Status500InternalServerError),
        [StatusCode.InvalidArgument] = ("invalid_argument", StatusCodes.Status400BadRequest),
        [StatusCode.DeadlineExceeded] = ("deadline_exceeded", StatusCodes.Status504GatewayTimeout),
        [StatusCode.NotFound] = ("not_found", StatusCodes.Status404NotFound),
        [StatusCode.AlreadyExists] = ("already_exists", StatusCodes.Status409Conflict),
        [StatusCode.PermissionDenied] = ("permission_denied", StatusCodes.Status403Forbidden),
        [StatusCode.ResourceExhausted] = ("resource_exhausted", StatusCodes.Status429TooManyRequests),
        [StatusCode.FailedPrecondition] = ("failed_precondition", StatusCodes.Status400BadRequest),
        [StatusCode.Aborted] = ("aborted", StatusCodes.Status409Conflict),
        [StatusCode.OutOfRange] = ("out_of_range", StatusCodes.Status400BadRequest),
        [StatusCode.Unimplemented] = ("unimplemented", StatusCodes.Status501NotImplemented),
        [StatusCode.Internal] = ("internal", StatusCodes.Status500InternalServerError),
        [StatusCode.Unavailable] = ("unavailable", StatusCodes.Status503ServiceUnavailable),
        [StatusCode.DataLoss] = ("data_loss", StatusCodes.Status500InternalServerError),
        [StatusCode.Unauthenticated] = ("unauthenticated", StatusCodes.Status401Unauthorized),
    };

    public static int HttpStatusOf(StatusCode code) => Codes[code].Http;

    /// <summary>The body of a unary call that failed.</summary>
    public static byte[] Body(Status status) => JsonSerializer.SerializeToUtf8Bytes(Error(status));

    /// <summary>The payload of a stream's last envelope.</summary>
    public static byte[] EndOfStream(Status status, IReadOnlyDictionary<string, string[]> trailers)
    {
        JsonObject end = [];
        if (status.StatusCode != StatusCode.OK)
            end["error"] = Error(status);
        if (trailers.Count > 0)
            end["metadata"] = JsonSerializer.SerializeToNode(trailers);
        return JsonSerializer.SerializeToUtf8Bytes(end);
    }

    private static JsonObject Error(Status status) => new() { ["code"] = Codes[status.StatusCode].Name, ["message"] = status.Detail };
}
