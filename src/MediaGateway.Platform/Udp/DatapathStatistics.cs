using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Udp;

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

    public long DatagramsReceived => Volatile.Read(ref _datagramsReceived);

    /// <summary>UDP payload.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    public long DatagramsSent => Volatile.Read(ref _datagramsSent);

    /// <summary>UDP payload.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>System calls that receive, send and wait.</summary>
    public long ReceiveCalls => Volatile.Read(ref _receiveCalls);

    public long SendCalls => Volatile.Read(ref _sendCalls);

    public long WaitCalls => Volatile.Read(ref _waitCalls);

    /// <summary>Rounds of the loop, each with at most one batch.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Exceptions that left the handler: bugs.</summary>
    public long HandlerFaults => Volatile.Read(ref _handlerFaults);

    /// <summary>Time spent awake, to compare with the time that passed: the worker's load.</summary>
    public TimeSpan BusyTime => new(Volatile.Read(ref _busyTicks));

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

    internal void CountTurn(MonotonicTime from, MonotonicTime to)
    {
        _turns++;
        _busyTicks += (to - from).Ticks;
    }

    internal void CountHandlerFault() => _handlerFaults++;
}
