using MediaGateway.Server.Node;
using MediaGateway.Sfu.LiveStreams;

namespace MediaGateway.Server.Operations;

/// <summary>Measures live streams over all workers that carry them.</summary>
internal sealed class LiveStreamMeter(WorkerPool workers)
{
    /// <summary>The numbers of a stream and of its viewers on all workers; null when no stream has this name.</summary>
    public async Task<LiveStreamStats?> MeasureAsync(string stream)
    {
        Task<LiveStreamStats?> own = workers.Of(stream).InvokeAsync((media, _) => media.LiveStreams.Find(stream)?.Measure());
        LiveStreamStats?[] relayed =
            await Task.WhenAll(workers.Workers.Select(worker => worker.InvokeAsync((media, _) => media.Mirrors.Find(stream)?.Measure())));
        return relayed.OfType<LiveStreamStats>().Aggregate(await own, (sum, part) => sum?.With(part));
    }
}
