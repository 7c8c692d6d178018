namespace MediaGateway.FanoutBench;

/// <param name="Cpu">Of the sending thread.</param>
/// <param name="Time">That passed.</param>
/// <param name="Delivered">Packets, to all viewers together.</param>
/// <param name="Lost">Packets that were to be delivered and were not.</param>
internal sealed record FanoutResult(TimeSpan Cpu, TimeSpan Time, long Delivered, long Lost)
{
    public double MicrosecondsPerPacket => Cpu.TotalMicroseconds / Delivered;

    public double Load => Cpu / Time;
}
