using Grpc.Core;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;

namespace MediaGateway.Server.Surfaces.LiveKit.Twirp;

/// <summary>The one place where errors become Twirp's, which are gRPC's statuses but for bodies that cannot be read.</summary>
internal static class TwirpErrors
{
    public static TwirpError Of(ContractException refusal)
    {
        (int status, string code) = refusal.Code switch
        {
            ErrorCode.MalformedMessage or ErrorCode.RequestTimeout => (400, "malformed"),
            // What no method has seen is HTTP's to tell.
            ErrorCode.BodyTooLarge or ErrorCode.UnsupportedContentEncoding => (HttpProblems.Kinds[refusal.Code].Status, "malformed"),
            var other => Of(GrpcErrors.CodeOf(other)),
        };
        return new TwirpError(status, code, refusal.Message, GrpcErrors.ReasonOf(refusal.Code));
    }

    public static TwirpError BadRoute(string method) => new(404, "bad_route", $"There is no method {method} of livekit.RoomService here.");

    public static TwirpError WrongType() => new(415, "malformed", "Send application/protobuf or application/json.");

    private static (int Status, string Code) Of(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument => (400, "invalid_argument"),
        StatusCode.NotFound => (404, "not_found"),
        StatusCode.AlreadyExists => (409, "already_exists"),
        StatusCode.PermissionDenied => (403, "permission_denied"),
        StatusCode.Unauthenticated => (401, "unauthenticated"),
        StatusCode.FailedPrecondition => (412, "failed_precondition"),
        StatusCode.Aborted => (409, "aborted"),
        StatusCode.ResourceExhausted => (429, "resource_exhausted"),
        StatusCode.Unavailable => (503, "unavailable"),
        _ => (500, "internal"),
    };
}
