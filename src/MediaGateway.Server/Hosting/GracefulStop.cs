using MediaGateway.Server.Background;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Hosting;

/// <summary>
/// Drains the node between the signal to stop and the end of the listener: <see cref="StoppingAsync"/> runs before
/// Kestrel stops, so that load balancers see /readyz turn, clients are told to go elsewhere, and DELETE still works.
/// </summary>
internal sealed class GracefulStop(
    ILiveStreams streams, IRooms rooms, Readiness readiness, StopOptions options, Supervisor supervisor, ILogger<GracefulStop> logger)
    : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.BeginDrain();
        await supervisor.OnceAsync("drain", () => DrainAsync(cancellationToken));
        readiness.EndDrain();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        logger.DrainStarted(options.GraceSeconds);
        using CancellationTokenSource grace = new(TimeSpan.FromSeconds(options.GraceSeconds), supervisor.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, cancellationToken);
        try
        {
            await Task.WhenAll(streams.DrainAsync(either.Token), rooms.DrainAsync(either.Token));
            logger.Drained();
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            logger.GraceEnded();
        }
    }
}
