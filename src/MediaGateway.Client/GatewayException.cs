using Google.Rpc;
using Grpc.Core;

namespace MediaGateway.Client;

/// <summary>
/// A refusal of the gateway's, or a failure to reach it. Programs decide by <see cref="ErrorCode"/>, or by the coarser status of gRPC; the
/// message is for people.
/// </summary>
public sealed class GatewayException : RpcException
{
    private GatewayException(RpcException refusal, Google.Rpc.Status? details)
        : base(refusal.Status, refusal.Trailers, refusal.Status.Detail)
    {
        ErrorCode = details?.GetDetail<ErrorInfo>()?.Reason ?? "";
        Field = details?.GetDetail<BadRequest>() is { FieldViolations: [var violation, ..] } ? violation.Field : "";
        RetryAfter = details?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
    }

    /// <summary>
    /// Stable code of what went wrong, such as <see cref="GatewayErrorCodes.RoomNotFound"/>: the reason of the <c>google.rpc.ErrorInfo</c>
    /// that the gateway sends. Empty when it was not the gateway that answered.
    /// </summary>
    public string ErrorCode { get; }

    /// <summary>Field of the request that is at fault; empty when it is none, or not a single one.</summary>
    public string Field { get; }

    /// <summary>Time to wait before the call is worth another try; null when the gateway does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The exception as this package throws it.</summary>
    internal static GatewayException Of(RpcException refusal) =>
        refusal as GatewayException ?? new GatewayException(refusal, refusal.GetRpcStatus());
}
