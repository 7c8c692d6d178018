using System.Collections.Concurrent;
using MediaGateway.LoadTester.Sockets;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Workers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Clients;

/// <summary>
/// A thread that owns clients: it sends what sources have due, runs their timers, and reads their sockets. Clients are touched on it
/// only; others ask by <see cref="InvokeAsync"/>.
/// </summary>
internal sealed class ClientLoop : IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<Action<MonotonicTime>> _inbox = new();
    private readonly List<IFrameSource> _sources = [];
    private readonly Thread _thread;
    private readonly int? _processor;
    private volatile bool _isStopping;
    private volatile Exception? _fault;

    /// <param name="clock">The time.</param>
    /// <param name="index">Its number, for its thread's name.</param>
    /// <param name="processor">The one that its thread keeps to; null for any.</param>
    public ClientLoop(MonotonicClock clock, int index, int? processor = null)
    {
        _processor = processor;
        Clock = clock;
        Timers = new TimerWheel(clock.Now);
        _thread = new Thread(Run) { Name = $"load-loop-{index}", IsBackground = true };
        _thread.Start();
    }

    public MonotonicClock Clock { get; }

    public TimerWheel Timers { get; }

    public SocketSet Sockets { get; } = new();

    /// <summary>Shared by the loop's clients: each uses it up before the next one reads.</summary>
    public ReceiveBatch Incoming { get; } = new();

    /// <exception cref="InvalidOperationException">The thread has ended by a fault.</exception>
    public Task<T> InvokeAsync<T>(Func<MonotonicTime, T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _inbox.Enqueue(now =>
        {
            try
            {
                ThrowIfFaulted();
                done.SetResult(action(now));
            }
            catch (Exception refusal)
            {
                done.SetException(refusal);
            }
        });
        Sockets.Wake();
        // Nobody serves the inbox of a thread that has ended.
        if (_fault is not null)
            ServeInbox(Clock.Now);
        return done.Task;
    }

    public Task InvokeAsync(Action<MonotonicTime> action) => InvokeAsync(now =>
    {
        action(now);
        return true;
    });

    public void Add(IFrameSource source) => _sources.Add(source);

    public void Remove(IFrameSource source) => _sources.Remove(source);

    /// <summary>A run one of whose loops has failed is no run.</summary>
    /// <exception cref="InvalidOperationException">The thread has ended by a fault.</exception>
    public void ThrowIfFaulted()
    {
        if (_fault is { } fault)
            throw new InvalidOperationException($"The tester's own loop failed, so the run says nothing: {fault.Message}", fault);
    }

    public void Dispose()
    {
        _isStopping = true;
        Sockets.Wake();
        _thread.Join();
        Sockets.Dispose();
    }

    private void Run()
    {
        try
        {
            if (_processor is { } processor)
                ProcessorAffinity.KeepTo(processor);
            while (!_isStopping)
                Turn();
        }
        catch (Exception fault)
        {
            Console.Error.WriteLine(fault);
            Interlocked.Exchange(ref _fault, fault);
            ServeInbox(Clock.Now);
        }
    }

    private void Turn()
    {
        MonotonicTime now = Clock.Now;
        ServeInbox(now);
        MonotonicTime next = now + LongestSleep;
        foreach (IFrameSource source in _sources)
        {
            if (source.NextFrame <= now)
                source.SendFrame(Clock.Now);
            next = MonotonicTime.Min(next, source.NextFrame);
        }
        Timers.Advance(Clock.Now);
        next = MonotonicTime.Min(next, Timers.NextDeadline);
        Sockets.Wait(next - Clock.Now);
    }

    private void ServeInbox(MonotonicTime now)
    {
        while (_inbox.TryDequeue(out Action<MonotonicTime>? action))
            action(now);
    }
}
