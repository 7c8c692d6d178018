using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Media;

/// <summary>Services that all publications and subscriptions of one worker share.</summary>
/// <param name="Timers">The worker's timer wheel, for origins of media that are no peers.</param>
/// <param name="Fanout">The worker's packets on their way to subscribers.</param>
/// <param name="Drops">Counters of the packets that are not forwarded, by reason.</param>
/// <param name="Clock">The node's NTP clock.</param>
public sealed record MediaContext(TimerWheel Timers, FanoutQueue Fanout, DropCounters Drops, NtpClock Clock);
