namespace Grpc.Net.Client;

public sealed class GrpcChannelOptions
{
    /// <summary>What sends the requests; by default sockets.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Bytes of one message; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;
}
