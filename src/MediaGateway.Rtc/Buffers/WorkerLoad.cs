namespace MediaGateway.Rtc.Buffers;

/// <summary>Load of a worker's thread since the last report, which was a tenth of a second ago or more.</summary>
/// <param name="Busy">Share of the time in which the thread was awake, whether it had the processor or waited for it; 0 to 1.</param>
/// <param name="Cpu">
/// Share of the time in which the thread had the processor; equal to <paramref name="Busy"/> where the system does not say.
/// </param>
/// <param name="Delay">
/// Shortest time that datagrams waited for the thread; zero when nothing waited at some moment. It measures the standing queue, not a burst
/// of
/// packets (RFC 8289 section 3.2). Null where the system does not say.
/// </param>
/// <param name="Lost">Datagrams that the system dropped because a receive buffer was full.</param>
public readonly record struct WorkerLoad(double Busy, double Cpu, TimeSpan? Delay, long Lost)
{
    /// <summary>
    /// Share of the time in which the thread waited for code to be compiled, a part of <see cref="Busy"/>; 0 to 1. It is over once the code
    /// has run, as after a start.
    /// </summary>
    public double Compiling { get; init; }
}
