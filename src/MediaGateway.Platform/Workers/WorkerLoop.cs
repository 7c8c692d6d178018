using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Udp;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Workers;

/// <summary>
/// What a worker's thread does over and over: sleep until there is something to do, hand over one batch, tick, flush.
/// Under load the sleep returns at once, and the batch has grown while the last one was served.
/// </summary>
/// <remarks>
/// An exception out of the handler is a bug. It costs the datagram it came from, is counted and reported, and the
/// loop goes on: one bad peer never takes the others along.
/// </remarks>
internal sealed class WorkerLoop(
    UdpDatapath datapath, IDatapathHandler handler, MonotonicClock clock, Action<Exception> onFault)
{
    /// <summary>A sleep has an end even without a deadline, so that the timeout fits every system.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    /// <summary>When to tick again after a tick that threw instead of saying so.</summary>
    private static readonly TimeSpan RetryAfterFault = TimeSpan.FromMilliseconds(10);

    private MonotonicTime _deadline = MonotonicTime.Zero;

    /// <summary>One round: at most one sleep and one batch.</summary>
    public void Turn()
    {
        datapath.Wait(UntilDeadline());
        MonotonicTime awake = clock.Now;
        DatagramBatch batch = datapath.Receive();
        if (batch.Count > 0)
            Deliver(batch, clock.Now);
        _deadline = Tick(clock.Now);
        datapath.Flush();
        datapath.Statistics.CountTurn(awake, clock.Now);
    }

    private TimeSpan UntilDeadline()
    {
        if (_deadline.IsNever)
            return LongestSleep;
        TimeSpan left = _deadline - clock.Now;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestSleep ? left : LongestSleep;
    }

    private void Deliver(DatagramBatch batch, MonotonicTime now)
    {
        for (int i = 0; i < batch.Count; i++)
        {
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
