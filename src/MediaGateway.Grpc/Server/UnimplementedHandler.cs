using Grpc.Core;

namespace MediaGateway.Grpc.Server;

/// <summary>Any method that a service does not have.</summary>
internal sealed class UnimplementedHandler : CallHandler
{
    public static readonly UnimplementedHandler Instance = new();

    public override MethodType Type => MethodType.Unary;

    public override Task RunAsync(HttpServerCall call) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, $"There is no method {call.Method}."));
}
