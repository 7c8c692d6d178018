using Grpc.Core;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Control;

/// <summary>What goes wrong, as gRPC statuses. The one place that maps it.</summary>
internal static class GrpcErrors
{
    /// <summary>The most characters that are sent of a message: a longer one might break a client's limit on headers.</summary>
    private const int MaxMessageLength = 2048;

    public static Status Of(ControlException refusal) => new(
        refusal.Error switch
        {
            ControlError.InvalidArgument => StatusCode.InvalidArgument,
            ControlError.NotFound => StatusCode.NotFound,
            ControlError.AlreadyExists => StatusCode.AlreadyExists,
            ControlError.PermissionDenied => StatusCode.PermissionDenied,
            ControlError.FailedPrecondition => StatusCode.FailedPrecondition,
            ControlError.Aborted => StatusCode.Aborted,
            ControlError.ResourceExhausted => StatusCode.ResourceExhausted,
            _ => StatusCode.Unavailable,
        },
        Shortened(refusal.Message));

    /// <summary>What the token's check says.</summary>
    public static Status Of(ContractException refusal) => new(
        refusal.Code switch
        {
            ErrorCode.TokenMissing or ErrorCode.TokenInvalid or ErrorCode.TokenExpired or ErrorCode.TokenNotYetValid => StatusCode.Unauthenticated,
            ErrorCode.AtCapacity => StatusCode.ResourceExhausted,
            ErrorCode.Draining => StatusCode.Unavailable,
            _ => StatusCode.InvalidArgument,
        },
        Shortened(refusal.Message));

    private static string Shortened(string message) => message.Length > MaxMessageLength ? message[..MaxMessageLength] : message;
}
