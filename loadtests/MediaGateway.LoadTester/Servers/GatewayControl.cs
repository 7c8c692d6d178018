using Grpc.Core;
using Grpc.Net.Client;
using MediaGateway.V1;

namespace MediaGateway.LoadTester.Servers;

/// <summary>The gateway's control API, as an operator's program uses it.</summary>
internal sealed class GatewayControl(Uri address, string token) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(address.ToString());
    private readonly Metadata _credentials = new() { { "authorization", "Bearer " + token } };

    /// <summary>Changes a live stream: done only when the stream's media worker has had time for it.</summary>
    public async Task UpdateLiveStreamAsync(string stream, string metadata, CancellationToken cancellation) =>
        await new LiveStreamService.LiveStreamServiceClient(_channel).UpdateLiveStreamAsync(
            new UpdateLiveStreamRequest { Name = stream, Metadata = metadata }, _credentials, cancellationToken: cancellation);

    /// <summary>What the media workers say of themselves.</summary>
    public async Task<IReadOnlyList<WorkerStats>> ListWorkersAsync(CancellationToken cancellation) =>
        (await new NodeService.NodeServiceClient(_channel).ListWorkersAsync(new ListWorkersRequest(), _credentials, cancellationToken: cancellation)).Workers;

    public void Dispose() => _channel.Dispose();
}
