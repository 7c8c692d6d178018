using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Datapath;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Workers;

/// <summary>
/// The loop of a worker's thread: sleep until there is something to do, hand over one batch, tick, flush.
/// Under load the sleep returns at once, and the batch has grown while the last one was served. A batch that takes long to
/// serve is interrupted, so that timers, commands and what is to be sent never wait for long.
/// </summary>
/// <remarks>
/// An exception out of the handler is a bug. It costs the datagram it came from, is counted and reported, and the
/// loop goes on: one bad peer never takes the others along.
/// </remarks>
internal sealed class WorkerLoop(
    UdpDatapath datapath, IDatapathHandler handler, MonotonicClock clock, Action<Exception> onFault)
{
    /// <summary>Longest sleep without a deadline: short enough that the timeout fits every system.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    /// <summary>Time until the next tick after one that threw instead of returning a deadline.</summary>
    private static readonly TimeSpan RetryAfterFault = TimeSpan.FromMilliseconds(10);

    /// <summary>Time for which datagrams may be served before timers, commands and sending have their turn.</summary>
    private static readonly TimeSpan SliceLimit = TimeSpan.FromMilliseconds(10);

    private readonly LoadMeter _meter = new(datapath, clock.Now);
    private MonotonicTime _deadline = MonotonicTime.Zero;

    /// <summary>Runs one round: at most one sleep and one batch.</summary>
    public void Turn()
    {
        datapath.Wait(UntilDeadline());
        MonotonicTime from = clock.Now;
        DatagramBatch batch = datapath.Receive();
        int next = 0;
        do
        {
            if (batch.Count == 0)
                _meter.OnNothing();
            else
                _meter.OnSlice(datapath.AgeOf(next));
            next = Deliver(batch, next);
            if (next == batch.Count)
                ReportClosedPaths(from);
            from = CountBusy(from);
            if (_meter.TryTake(from, out WorkerLoad load))
                TellLoad(load, from);
            _deadline = Tick(from);
            datapath.Flush();
            from = CountBusy(from);
        }
        while (next < batch.Count);
        datapath.Statistics.CountTurn();
    }

    private MonotonicTime CountBusy(MonotonicTime from)
    {
        MonotonicTime now = clock.Now;
        datapath.Statistics.CountBusy(now - from);
        return now;
    }

    private TimeSpan UntilDeadline()
    {
        if (_deadline.IsNever)
            return LongestSleep;
        TimeSpan left = _deadline - clock.Now;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestSleep ? left : LongestSleep;
    }

    /// <summary>Serves the batch from a datagram on, for as long as a slice may last.</summary>
    /// <returns>The index of the next datagram to serve.</returns>
    private int Deliver(DatagramBatch batch, int first)
    {
        if (first == batch.Count)
            return first;
        MonotonicTime now = clock.Now;
        for (int i = first; i < batch.Count; i++)
        {
            // As many as are sent on together.
            if (i % UdpDatapath.AgeInterval == 0 && i > first && clock.Now - now >= SliceLimit)
                return i;
            Span<byte> datagram = batch[i];
            if (datagram.Length == batch.SlotSize)
            {
                datapath.Drops.Count(DropReason.TooLong);
                continue;
            }
            try
            {
                handler.OnDatagram(datagram, batch.PathOf(i), now);
            }
            catch (Exception e)
            {
                Report(e);
            }
        }
        return batch.Count;
    }

    /// <summary>Notifies the handler of the paths that have closed, once it has what came along them before.</summary>
    private void ReportClosedPaths(MonotonicTime now)
    {
        while (datapath.Endpoints.TryTakeClosedPath(out NetworkPath path))
        {
            try
            {
                handler.OnPathClosed(path, now);
            }
            catch (Exception e)
            {
                Report(e);
            }
        }
    }

    private void TellLoad(in WorkerLoad load, MonotonicTime now)
    {
        try
        {
            handler.OnLoad(load, now);
        }
        catch (Exception e)
        {
            Report(e);
        }
    }

    private MonotonicTime Tick(MonotonicTime now)
    {
        try
        {
            return handler.OnTick(now);
        }
        catch (Exception e)
        {
            Report(e);
            return now + RetryAfterFault;
        }
    }

    private void Report(Exception e)
    {
        datapath.Statistics.CountHandlerFault();
        onFault(e);
    }
}
