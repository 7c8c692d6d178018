using MediaGateway.Grpc.Server;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

public static class ServerCallContextExtensions
{
    /// <summary>The HTTP request behind a call.</summary>
    /// <exception cref="InvalidOperationException">The call has none.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext) =>
        serverCallContext is HttpServerCall call ? call.HttpContext : throw new InvalidOperationException("The call did not come over HTTP.");
}
