using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;

namespace MediaGateway.Server.Admission;

/// <summary>
/// The one place where errors become gRPC: a status, a message for people, and what programs read, google.rpc.Status with the code in an
/// ErrorInfo
/// and the field at fault in a BadRequest (https://google.aip.dev/193). gRPC-Web and Connect carry the same.
/// </summary>
internal static class GrpcErrors
{
    /// <summary>The domain of ErrorInfo, in which the reasons are unique.</summary>
    public const string Domain = "mediagateway";

    /// <summary>The most characters that are sent of a message: a longer one might break a client's limit on headers.</summary>
    private const int MaxMessageLength = 2048;

    public static StatusCode CodeOf(ErrorCode code) => code switch
    {
        ErrorCode.TokenMissing or ErrorCode.TokenInvalid or ErrorCode.TokenExpired or ErrorCode.TokenNotYetValid or
            ErrorCode.JoinNotGranted => StatusCode.Unauthenticated,
        ErrorCode.NotGranted or ErrorCode.NotSessionOwner or ErrorCode.ForeignOrigin => StatusCode.PermissionDenied,
        ErrorCode.SessionNotFound or ErrorCode.RoomNotFound or ErrorCode.NotFound or ErrorCode.ParticipantNotFound or
            ErrorCode.NodeNotFound or ErrorCode.TrackNotFound or ErrorCode.StreamNotFound or
            ErrorCode.SourceNotFound => StatusCode.NotFound,
        ErrorCode.RateLimited or ErrorCode.AtCapacity or ErrorCode.LimitReached or
            ErrorCode.TooManyWatchers => StatusCode.ResourceExhausted,
        ErrorCode.Draining => StatusCode.Unavailable,
        ErrorCode.InternalError => StatusCode.Unknown,
        ErrorCode.NoCommonCodec or ErrorCode.StreamTaken or ErrorCode.StaleETag or ErrorCode.IfMatchRequired or
            ErrorCode.UnusableSdp or ErrorCode.RoomFull or ErrorCode.SourceNotRemovable or ErrorCode.SourceNotLive or
            ErrorCode.NoPreview or ErrorCode.IdentityTaken or ErrorCode.ParticipantForwarded or ErrorCode.AnotherWorker or
            ErrorCode.TokenTooLarge => StatusCode.FailedPrecondition,
        ErrorCode.RequestTimeout => StatusCode.DeadlineExceeded,
        ErrorCode.MethodNotAllowed or ErrorCode.UnsupportedContentType or
            ErrorCode.UnsupportedContentEncoding => StatusCode.Unimplemented,
        ErrorCode.InvalidStreamName or ErrorCode.InvalidRoomName or ErrorCode.InvalidIdentity or ErrorCode.InvalidRequest or
            ErrorCode.InvalidPageToken or ErrorCode.MalformedSdp or ErrorCode.MalformedFragment or ErrorCode.BodyTooLarge or
            ErrorCode.MalformedMessage => StatusCode.InvalidArgument,
        ErrorCode.SourceExists => StatusCode.AlreadyExists,
        ErrorCode.ProgramChanged => StatusCode.Aborted,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    /// <summary>Returns the code as ErrorInfo names it, such as ROOM_NOT_FOUND.</summary>
    public static string ReasonOf(ErrorCode code) => HttpProblems.NameOf(code).ToUpperInvariant();

    public static Grpc.Core.Status StatusOf(ContractException refusal) => new(CodeOf(refusal.Code), Shortened(refusal.Message));

    /// <summary>The refusal with its details.</summary>
    public static RpcException Of(ContractException refusal)
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)CodeOf(refusal.Code),
            Message = Shortened(refusal.Message),
            Details = { Any.Pack(new ErrorInfo { Reason = ReasonOf(refusal.Code), Domain = Domain }) },
        };
        if (refusal.Field is { } field)
        {
            var violation = new BadRequest.Types.FieldViolation { Field = field, Description = status.Message };
            status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violation } }));
        }
        if (refusal.RetryAfter is { } delay)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        return status.ToRpcException();
    }

    private static string Shortened(string message) => message.Length > MaxMessageLength ? message[..MaxMessageLength] : message;
}
