using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace MediaGateway.Server.Surfaces.Control.Connect;

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

    private static readonly TypeRegistry KnownDetails = TypeRegistry.FromFiles(Google.Rpc.ErrorDetailsReflection.Descriptor);

    public static int HttpStatusOf(StatusCode code) => Codes[code].Http;

    /// <summary>The body of a unary call that failed.</summary>
    /// <param name="status">Its code and message.</param>
    /// <param name="details">gRPC's google.rpc.Status; null when there is none.</param>
    public static byte[] Body(Status status, Google.Rpc.Status? details) => JsonSerializer.SerializeToUtf8Bytes(Error(status, details));

    /// <summary>The payload of a stream's last envelope.</summary>
    public static byte[] EndOfStream(Status status, Google.Rpc.Status? details, IReadOnlyDictionary<string, string[]> trailers)
    {
        JsonObject end = [];
        if (status.StatusCode != StatusCode.OK)
            end["error"] = Error(status, details);
        if (trailers.Count > 0)
            end["metadata"] = JsonSerializer.SerializeToNode(trailers);
        return JsonSerializer.SerializeToUtf8Bytes(end);
    }

    private static JsonObject Error(Status status, Google.Rpc.Status? details)
    {
        JsonObject error = new() { ["code"] = Codes[status.StatusCode].Name, ["message"] = status.Detail };
        if (details is { Details.Count: > 0 })
            error["details"] = new JsonArray([.. details.Details.Select(Detail)]);
        return error;
    }

    /// <summary>A message as bytes for programs, and as JSON for people where its type is known here.</summary>
    private static JsonObject Detail(Any detail)
    {
        JsonObject json = new()
        {
            ["type"] = Any.GetTypeName(detail.TypeUrl),
            ["value"] = Convert.ToBase64String(detail.Value.Span).TrimEnd('='),
        };
        if (KnownDetails.Find(Any.GetTypeName(detail.TypeUrl)) is { } known)
            json["debug"] = JsonNode.Parse(JsonFormatter.Default.Format(known.Parser.ParseFrom(detail.Value)));
        return json;
    }
}
