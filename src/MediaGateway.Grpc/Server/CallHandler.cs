using Grpc.Core;

namespace MediaGateway.Grpc.Server;

/// <summary>Serves the calls of one method.</summary>
internal abstract class CallHandler
{
    public abstract MethodType Type { get; }

    /// <summary>Reads, calls the service, writes. Ends with an exception for anything but OK.</summary>
    public abstract Task RunAsync(HttpServerCall call);
}
