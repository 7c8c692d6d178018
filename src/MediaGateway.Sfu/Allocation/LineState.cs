using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Allocation;

/// <summary>Knowledge of the line to a receiver.</summary>
/// <param name="Estimate">Rate that it carries in all; null while nothing is known, so that nothing is limited.</param>
/// <param name="IsAssumed">Whether the estimate is only what is believed of any line: the first packets will tell.</param>
/// <param name="IsCongested">Whether a queue before it is being drained just now.</param>
/// <param name="Version">Grows with every change that may matter.</param>
internal readonly record struct LineState(Bitrate? Estimate, bool IsAssumed, bool IsCongested, int Version);
