namespace MediaGateway.Server.Background;

/// <summary>Reports what tasks have failed at that nobody awaited, of libraries too: the runtime would forget it.</summary>
internal sealed class UnobservedFailures(Supervisor supervisor) : IHostedService
{
    public const string TaskName = "unobserved task";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        TaskScheduler.UnobservedTaskException += OnUnobserved;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        TaskScheduler.UnobservedTaskException -= OnUnobserved;
        return Task.CompletedTask;
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs unobserved) =>
        supervisor.Report(TaskName, unobserved.Exception);
}
