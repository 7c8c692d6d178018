using Grpc.Core;
using MediaGateway.Server.Auth;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Keeps the caller with the call that it made.</summary>
internal static class CallerContext
{
    private static readonly object Key = new();

    public static Caller GetCaller(this ServerCallContext context) => (Caller)context.UserState[Key];

    public static void SetCaller(this ServerCallContext context, Caller caller) => context.UserState[Key] = caller;
}
