using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Peers;

/// <summary>Services that everything on one worker shares.</summary>
/// <param name="Timers">The worker's timer wheel.</param>
/// <param name="Datagrams">The worker's outgoing batch.</param>
/// <param name="Drops">The worker's drop counters.</param>
/// <param name="Clock">The node's NTP clock.</param>
/// <param name="Fanout">The worker's packets on their way to subscribers.</param>
public sealed record WorkerContext(TimerWheel Timers, IDatagramSender Datagrams, DropCounters Drops, NtpClock Clock, FanoutQueue Fanout)
{
    /// <summary>Services that the worker's publications and subscriptions share.</summary>
    public MediaContext Media { get; } = new(Timers, Fanout, Drops, Clock);

    /// <summary>Shedding state of the worker.</summary>
    public Shedding Shedding { get; } = new();

    /// <summary>Memory in which the lines of the worker's receivers are divided.</summary>
    public AllocationSpace Allocation { get; } = new();

    /// <summary>Counts of the lines of the worker's receivers.</summary>
    public LineCensus Lines { get; } = new();

    /// <summary>The worker's thread, which alone may touch what lives on the worker.</summary>
    internal ThreadOwner Owner { get; } = new();
}
