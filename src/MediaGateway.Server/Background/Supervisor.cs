using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Background;

/// <summary>
/// Runner of all work that no caller waits for: services, timers, callbacks, signals. A failure there would end the process or be seen by
/// nobody; here it is logged with what was being done, counted, and what is lasting is tried again. It takes every failure but a lack of
/// memory, which is left to end the process. An architecture test holds that nothing else in the server runs such work.
/// </summary>
internal sealed class Supervisor(BackgroundMetrics metrics, TimeProvider clock, ILogger<Supervisor> logger)
{
    /// <summary>Pause before work that has failed is tried again. It doubles with each failure.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>Longest such pause. Work that went well for as long begins with the first one again.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, FaultRate> _rates = new(StringComparer.Ordinal);

    /// <summary>Clock that its pauses and timers go by.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Runs lasting work on the pool until it returns or is stopped; what fails is begun again after a pause.</summary>
    /// <param name="task">What is done, for the log and the metric; one of a few names.</param>
    /// <param name="work">The work, which has to go on where it was when it is begun again.</param>
    /// <param name="stopped">Ends the work.</param>
    public async Task RunAsync(string task, Func<CancellationToken, Task> work, CancellationToken stopped)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        TimeSpan pause = FirstPause;
        while (true)
        {
            long since = clock.GetTimestamp();
            try
            {
                await work(stopped);
                return;
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Report(task, failure);
            }
            if (clock.GetElapsedTime(since) >= LongestPause)
                pause = FirstPause;
            await Task.Delay(pause, clock, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopped.IsCancellationRequested)
                return;
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Runs work once. What it fails at is reported and over.</summary>
    public async Task OnceAsync(string task, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Report(task, failure);
        }
    }

    /// <summary>Begins work that nobody awaits. What it fails at is reported and over.</summary>
    public void Start(string task, Func<Task> work) => _ = OnceAsync(task, work);

    /// <summary>Runs a step of work once. What it fails at is reported and over.</summary>
    public void Once(string task, Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Report(task, failure);
        }
    }

    /// <summary>Makes a timer, whose next turn comes whatever became of this one.</summary>
    public ITimer CreateTimer(string task, Action work, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(_ => Once(task, work), null, dueTime, period);

    /// <summary>Runs a callback once a token is cancelled, until what it returns is disposed.</summary>
    public CancellationTokenRegistration OnCancelled(string task, Action work, CancellationToken token) =>
        token.Register(() => Once(task, work));

    /// <summary>Runs a callback in place of what a signal would do to the process, until what it returns is disposed.</summary>
    public PosixSignalRegistration OnSignal(PosixSignal signal, string task, Action work) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Once(task, work);
        });

    /// <summary>Counts a failure and logs it; of one task at most once a second.</summary>
    public void Report(string task, Exception failure)
    {
        metrics.Failed(task);
        if (!_rates.GetOrAdd(task, static (_, clock) => new FaultRate(clock), clock).TryTake(out int suppressed))
            return;
        try
        {
            logger.BackgroundFailed(task, suppressed, failure);
        }
        catch (AggregateException)
        {
            // What a logger is that cannot write. Nobody can be told of it but by the metric.
            metrics.Failed("log");
        }
    }
}
