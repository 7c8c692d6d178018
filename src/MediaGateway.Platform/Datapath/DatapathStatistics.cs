using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Platform.Datapath;

/// <summary>
/// Running totals of one worker's datapath and loop. Written by the worker only; readable from any thread, each value
/// by itself whole but not in step with the others.
/// </summary>
public sealed class DatapathStatistics
{
    private long _datagramsReceived;
    private long _bytesReceived;
    private long _datagramsSent;
    private long _bytesSent;
    private long _receiveCalls;
    private long _sendCalls;
    private long _waitCalls;
    private long _turns;
    private long _handlerFaults;
    private long _busyTicks;
    private long _datagramsLost;
    private double _load;
    private long _delayTicks;

    public long DatagramsReceived => Volatile.Read(ref _datagramsReceived);

    /// <summary>UDP payload received, bytes.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    public long DatagramsSent => Volatile.Read(ref _datagramsSent);

    /// <summary>UDP payload sent, bytes.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Number of system calls that received.</summary>
    public long ReceiveCalls => Volatile.Read(ref _receiveCalls);

    /// <summary>Number of system calls that sent.</summary>
    public long SendCalls => Volatile.Read(ref _sendCalls);

    /// <summary>Number of system calls that waited.</summary>
    public long WaitCalls => Volatile.Read(ref _waitCalls);

    /// <summary>Number of rounds of the loop, each with at most one batch.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Number of exceptions that left the handler; each is a bug.</summary>
    public long HandlerFaults => Volatile.Read(ref _handlerFaults);

    /// <summary>Time spent awake, to compare with the time that passed: the worker's load.</summary>
    public TimeSpan BusyTime => new(Volatile.Read(ref _busyTicks));

    /// <summary>Number of datagrams that the system dropped because a receive buffer was full, as last measured.</summary>
    public long DatagramsLost => Volatile.Read(ref _datagramsLost);

    /// <summary>Share of the time that the worker was awake, as last measured; 0 to 1.</summary>
    public double Load => Volatile.Read(ref _load);

    /// <summary>Shortest time that datagrams waited for the worker, as last measured; zero where the system does not tell.</summary>
    public TimeSpan Delay => new(Volatile.Read(ref _delayTicks));

    /// <summary>Times that datagrams waited for the worker.</summary>
    public WaitCounts Waits { get; } = new();

    internal void CountReceived(int datagrams, long bytes)
    {
        _datagramsReceived += datagrams;
        _bytesReceived += bytes;
    }

    internal void CountSent(int datagrams, long bytes)
    {
        _datagramsSent += datagrams;
        _bytesSent += bytes;
    }

    internal void CountReceiveCall() => _receiveCalls++;

    internal void CountSendCall() => _sendCalls++;

    internal void CountWaitCall() => _waitCalls++;

    internal void CountTurn() => _turns++;

    internal void CountBusy(TimeSpan time) => _busyTicks += time.Ticks;

    internal void Note(in WorkerLoad load)
    {
        _load = load.Busy;
        _delayTicks = load.Delay?.Ticks ?? 0;
        _datagramsLost += load.Lost;
    }

    internal void CountHandlerFault() => _handlerFaults++;
}
