using Grpc.Core;
using Grpc.Net.Client;
using MediaGateway.LoadTester.Targets;
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

    /// <summary>Reads the state of all media workers together.</summary>
    public async Task<ServerState> ReadStateAsync(CancellationToken cancellation)
    {
        IReadOnlyList<WorkerStats> workers =
            (await new NodeService.NodeServiceClient(_channel)
            .ListWorkersAsync(new ListWorkersRequest { PageSize = 1_000 }, _credentials, cancellationToken: cancellation)).Workers;
        return new ServerState(
            workers.Sum(worker => worker.PeerCount),
            workers.Max(worker => worker.SheddingLevel),
            workers.SelectMany(worker => worker.Drops).GroupBy(drop => drop.Key, drop => drop.Value)
            .ToDictionary(reason => reason.Key, reason => reason.Sum()));
    }

    public void Dispose() => _channel.Dispose();
}
