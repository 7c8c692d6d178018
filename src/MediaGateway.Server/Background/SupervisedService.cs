namespace MediaGateway.Server.Background;

/// <summary>Service that works in the background as long as the gateway runs. What it fails at ends neither it nor the gateway.</summary>
/// <param name="task">What it does, for the log and the metric.</param>
/// <param name="supervisor">Runs it.</param>
internal abstract class SupervisedService(string task, Supervisor supervisor) : BackgroundService
{
    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken) => supervisor.RunAsync(task, WorkAsync, stoppingToken);

    /// <summary>Works until it is stopped. It is called again, after a pause, when it has failed.</summary>
    protected abstract Task WorkAsync(CancellationToken stoppingToken);
}
