namespace MediaGateway.FanoutBench;

/// <param name="Cpu">Of each sending thread.</param>
/// <param name="Time">That passed.</param>
/// <param name="Delivered">Packets, to all viewers together.</param>
/// <param name="Lost">Packets that were to be delivered and were not.</param>
internal sealed record FanoutResult(TimeSpan[] Cpu, TimeSpan Time, long Delivered, long Lost)
{
    /// <summary>CPU time of all threads together, microseconds a packet delivered.</summary>
    public double MicrosecondsPerPacket => Cpu.Sum(cpu => cpu.TotalMicroseconds) / Delivered;

    /// <summary>Load of the busiest thread, in processors.</summary>
    public double Load => Cpu.Max() / Time;
}
