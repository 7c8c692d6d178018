using Grpc.Core;

namespace MediaGateway.Grpc.Server;

/// <summary>Messages for the client.</summary>
internal sealed class HttpStreamWriter<T>(HttpServerCall call, MessageCodec<T> codec) : IServerStreamWriter<T>
    where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => call.WriteAsync(codec, message);
}
