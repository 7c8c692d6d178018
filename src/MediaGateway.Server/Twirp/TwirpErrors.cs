using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Twirp;

/// <summary>What goes wrong, as Twirp's errors. The one place that maps it.</summary>
internal static class TwirpErrors
{
    public static TwirpError Of(ControlException refusal) => refusal.Error switch
    {
        ControlError.InvalidArgument => new(400, "invalid_argument", refusal.Message),
        ControlError.NotFound => new(404, "not_found", refusal.Message),
        ControlError.AlreadyExists => new(409, "already_exists", refusal.Message),
        ControlError.PermissionDenied => new(403, "permission_denied", refusal.Message),
        ControlError.FailedPrecondition => new(412, "failed_precondition", refusal.Message),
        ControlError.Aborted => new(409, "aborted", refusal.Message),
        ControlError.ResourceExhausted => new(429, "resource_exhausted", refusal.Message),
        _ => new(503, "unavailable", refusal.Message),
    };

    /// <summary>What the token's check, and the reading of the body, say.</summary>
    public static TwirpError Of(ContractException refusal) => refusal.Code switch
    {
        ErrorCode.TokenMissing or ErrorCode.TokenInvalid or ErrorCode.TokenExpired or ErrorCode.TokenNotYetValid => new(401, "unauthenticated", refusal.Message),
        ErrorCode.AtCapacity => new(429, "resource_exhausted", refusal.Message),
        ErrorCode.Draining => new(503, "unavailable", refusal.Message),
        _ => new(400, "malformed", refusal.Message),
    };

    public static TwirpError BadRoute(string method) => new(404, "bad_route", $"There is no method {method} of livekit.RoomService here.");

    public static TwirpError WrongType() => new(415, "malformed", "Send application/protobuf or application/json.");
}
