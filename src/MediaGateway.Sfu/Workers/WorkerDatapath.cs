using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Workers;

/// <summary>Parts of the platform that a worker needs.</summary>
/// <param name="Datagrams">The outgoing batch of the worker's thread.</param>
/// <param name="Wakeup">Ends the thread's sleep when a command arrives.</param>
/// <param name="Prefetcher">Fetches memory that the fan-out needs soon.</param>
/// <param name="Drops">The counters of what the worker drops.</param>
public sealed record WorkerDatapath(IDatagramSender Datagrams, IWakeup Wakeup, IPrefetcher Prefetcher, DropCounters Drops);
