namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>The protocols that mapped gRPC services are called by, beside gRPC itself: gRPC-Web and Connect.</summary>
internal static class CallProtocols
{
    /// <summary>Adds what stands between routing and the endpoints.</summary>
    public static void UseCallProtocols(this IApplicationBuilder app)
    {
        app.UseMiddleware<UnknownCalls>();
        app.UseMiddleware<CallBounds>();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.UseMiddleware<ConnectMiddleware>();
    }
}
