using System.Globalization;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Platform.Workers;

/// <summary>
/// The thread of one worker. It alone touches the handler and, apart from its thread-safe members, the datapath; it
/// owns neither: stop the thread, then dispose the datapath.
/// </summary>
public sealed class WorkerThread : IDisposable
{
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(5);

    /// <summary>Pause after a failure of the system, such as a lack of memory, which may last: the thread must not spin on it.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly UdpDatapath _datapath;
    private readonly IDatapathHandler _handler;
    private readonly WorkerLoop _loop;
    private readonly Action<Exception> _onFault;
    private readonly Thread _thread;
    private readonly int? _processor;
    private volatile bool _isStopping;

    /// <param name="index">Names the thread: <c>media-worker-0</c>.</param>
    /// <param name="datapath">The worker's sockets.</param>
    /// <param name="handler">Runs on the thread.</param>
    /// <param name="clock">The process's clock.</param>
    /// <param name="onFault">
    /// Receives every exception that left the handler or the system's calls. Runs on the thread, possibly once a
    /// datagram, so it limits its own rate and does not throw.
    /// </param>
    /// <param name="processor">
    /// The processor that the thread keeps to (<see cref="ProcessorAffinity"/>); null to leave it to the system.
    /// </param>
    public WorkerThread(
        int index, UdpDatapath datapath, IDatapathHandler handler, MonotonicClock clock, Action<Exception> onFault, int? processor = null)
    {
        _processor = processor;
        _datapath = datapath;
        _onFault = onFault;
        _handler = handler;
        _loop = new WorkerLoop(datapath, handler, clock, onFault);
        _thread = new Thread(Run)
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"media-worker-{index}"),
            IsBackground = true,
        };
    }

    public bool IsRunning => _thread.IsAlive;

    /// <exception cref="ThreadStateException">The thread was started before.</exception>
    public void Start() => _thread.Start();

    /// <summary>Ends the thread after the batch at hand, and waits for it. May be called again.</summary>
    /// <returns>False when the thread still ran after <paramref name="limit"/>: the datapath must not be disposed.</returns>
    public bool Stop(TimeSpan limit)
    {
        _isStopping = true;
        _datapath.Wake();
        return !_thread.IsAlive || _thread.Join(limit);
    }

    public void Dispose() => Stop(DisposeLimit);

    private void Run()
    {
        KeepToProcessor();
        _handler.OnThreadStarted();
        while (!_isStopping)
        {
            try
            {
                _loop.Turn();
            }
            catch (Exception e)
            {
                _onFault(e);
                Thread.Sleep(PauseAfterFailure);
            }
        }
    }

    /// <summary>
    /// Keeps the thread to its processor. When the processor has been taken away since the configuration was checked, that is reported and
    /// the worker runs elsewhere.
    /// </summary>
    private void KeepToProcessor()
    {
        if (_processor is not { } processor)
            return;
        try
        {
            ProcessorAffinity.KeepTo(processor);
        }
        catch (InvalidOperationException refused)
        {
            _onFault(refused);
        }
    }
}
