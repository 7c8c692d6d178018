namespace MediaGateway.Rtc.Buffers;

/// <summary>How a worker's thread fared since it was last told, a tenth of a second ago or more.</summary>
/// <param name="Busy">Share of the time that it was awake, whether it had the processor or waited for it; 0 to 1.</param>
/// <param name="Cpu">Share of the time that it had the processor; <paramref name="Busy"/> where the system does not tell.</param>
/// <param name="Delay">
/// The shortest time that datagrams had waited for it, zero when nothing waited at some moment: what waits all the time, not what a burst of
/// packets does (RFC 8289 section 3.2 calls it the standing queue). Null where the system does not tell.
/// </param>
/// <param name="Lost">Datagrams that the system dropped because a receive buffer was full.</param>
public readonly record struct WorkerLoad(double Busy, double Cpu, TimeSpan? Delay, long Lost);
