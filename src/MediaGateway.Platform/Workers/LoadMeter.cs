using System.Runtime;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Workers;

/// <summary>Measures how busy a worker's thread is, several times a second.</summary>
internal sealed class LoadMeter(UdpDatapath datapath, MonotonicTime now)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private MonotonicTime _since = now;
    private TimeSpan _busySince = datapath.Statistics.BusyTime;
    private TimeSpan _cpuSince;
    private TimeSpan _compilingSince;
    private TimeSpan? _delay;
    private long _lost;

    /// <summary>Notes that nothing waits at this moment.</summary>
    public void OnNothing() => _delay = TimeSpan.Zero;

    /// <summary>Notes that datagrams are about to be served.</summary>
    /// <param name="age">How long the first of them has waited; null where the system does not tell.</param>
    public void OnSlice(TimeSpan? age)
    {
        if (age is not { } wait)
            return;
        datapath.Statistics.Waits.Count(wait);
        if (wait < (_delay ?? TimeSpan.MaxValue))
            _delay = wait;
    }

    /// <summary>Takes the load since the last measurement. False until it is time for the next one. Runs on the worker's thread.</summary>
    /// <param name="now">The time.</param>
    /// <param name="load">The load since the last measurement.</param>
    public bool TryTake(MonotonicTime now, out WorkerLoad load)
    {
        load = default;
        TimeSpan elapsed = now - _since;
        if (elapsed < Interval)
            return false;
        TimeSpan busy = datapath.Statistics.BusyTime;
        TimeSpan? cpu = ThreadClock.Now;
        TimeSpan compiling = JitInfo.GetCompilationTime(currentThread: true);
        long lost = datapath.ReadKernelReceiveDrops();
        double busyShare = Math.Min((busy - _busySince) / elapsed, 1);
        double cpuShare = cpu is { } used ? Math.Min((used - _cpuSince) / elapsed, 1) : busyShare;
        load = new WorkerLoad(busyShare, cpuShare, _delay, Math.Max(lost - _lost, 0))
        { Compiling = Math.Min((compiling - _compilingSince) / elapsed, busyShare) };
        _since = now;
        _cpuSince = cpu ?? default;
        _busySince = busy;
        _compilingSince = compiling;
        _lost = lost;
        _delay = null;
        datapath.Statistics.Note(load);
        return true;
    }
}
