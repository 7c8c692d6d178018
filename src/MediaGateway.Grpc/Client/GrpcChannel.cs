using Grpc.Core;
using MediaGateway.Grpc.Client;

namespace Grpc.Net.Client;

/// <summary>The way to a server over HTTP/2: without TLS for http addresses.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly HttpClient _client;
    private readonly GrpcChannelOptions _options;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        _options = options;
        _client = new HttpClient(options.HttpHandler ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true })
        {
            BaseAddress = address,
            DefaultRequestVersion = System.Net.HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(new Uri(address), channelOptions);
    }

    public override CallInvoker CreateCallInvoker() => new HttpCallInvoker(_client, _options);

    public void Dispose() => _client.Dispose();
}
