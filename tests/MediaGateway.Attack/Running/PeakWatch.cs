namespace MediaGateway.Attack.Running;

/// <summary>The most that a process holds while it is watched. Ownership: watches until disposed.</summary>
internal sealed class PeakWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watching;
    private ProcessSample _peak;

    public PeakWatch(int processId)
    {
        _peak = ProcessSample.Read(processId);
        _watching = Task.Run(async () =>
        {
            while (!_ended.IsCancellationRequested)
            {
                _peak = ProcessSample.Max(_peak, ProcessSample.Read(processId));
                await Task.Delay(Interval, CancellationToken.None);
            }
        });
    }

    /// <summary>Ends, and returns what it has seen.</summary>
    /// <exception cref="IOException">The process is gone.</exception>
    public async Task<ProcessSample> StopAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        return _peak;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }
}
