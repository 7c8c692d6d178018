using Grpc.AspNetCore.Server;
using Grpc.Core;
using MediaGateway.Server.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>
/// Kestrel's limits, fitted to calls of gRPC services: a message has a limit of its own and a stream may be silent for as long as it likes.
/// A call that ends early loses neither its status nor its connection: its stream is not reset, the rest of its request is read and thrown
/// away (<see cref="LingeringClose"/>).
/// </summary>
internal sealed class CallBounds(RequestDelegate next)
{
    /// <summary>Eight digits and a unit.</summary>
    private const int MaxTimeoutLength = 9;

    /// <summary>One microsecond: gRPC's server rounds what is shorter to nothing.</summary>
    private const string ShortestTimeout = "1u";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is null)
        {
            await next(context);
            return;
        }
        if (!ConnectFormat.TryParse(context.Request.ContentType, out ConnectFormat format) || format.IsStream)
            RequestBody.RequireIdentity(context.Request);
        LiftLimits(context);
        if (!TryReadTimeout(context))
            return;
        IHttpResetFeature? reset = context.Features.Get<IHttpResetFeature>();
        if (reset is not null)
            context.Features.Set<IHttpResetFeature>(NoReset.Instance);
        await next(context);
        context.Features.Set(reset);
    }

    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
            requestRate.MinDataRate = null;
        // Of HTTP/2 Kestrel does not let the rate of one response be set.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
            responseRate.MinDataRate = null;
    }

    /// <summary>gRPC's server takes a timeout that it cannot read, or one of nothing, for no timeout at all.</summary>
    private static bool TryReadTimeout(HttpContext context)
    {
        const string Header = "grpc-timeout";
        string timeout = context.Request.Headers[Header].ToString();
        // The Connect protocol has a header of its own.
        if (timeout.Length == 0 || ConnectFormat.TryParse(context.Request.ContentType, out _))
            return true;
        if (timeout.Length is < 2 or > MaxTimeoutLength || timeout.AsSpan(0, timeout.Length - 1).ContainsAnyExceptInRange('0', '9')
            || !"HMSmun".Contains(timeout[^1], StringComparison.Ordinal))
        {
            context.Response.ContentType = context.Request.ContentType;
            context.Response.Headers["grpc-status"] = $"{(int)StatusCode.Internal}";
            context.Response.Headers["grpc-message"] = "grpc-timeout is not up to eight digits and a unit.";
            return false;
        }
        if (!timeout.AsSpan(0, timeout.Length - 1).ContainsAnyExcept('0') || timeout[^1] == 'n')
            context.Request.Headers[Header] = ShortestTimeout;
        return true;
    }

    /// <summary>
    /// Stands for the stream's reset once a deadline has passed: the reset may overtake the status, and the drain makes it needless.
    /// </summary>
    private sealed class NoReset : IHttpResetFeature
    {
        public static readonly NoReset Instance = new();

        public void Reset(int errorCode)
        {
        }
    }
}
