using System.Diagnostics;

namespace MediaGateway.FanoutBench;

/// <summary>Times and sizes that a target is measured with.</summary>
internal static class Fanout
{
    /// <summary>Packets of one frame: with 30 frames a second, 2.6 Mb/s.</summary>
    public const int PacketsPerFrame = 9;
    public const int FramesPerSecond = 30;

    /// <summary>Compiled code reaches its last tier before anything counts.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    public static FanoutResult Measure(IFanout target, TimeSpan duration)
    {
        Run(target, WarmUp);
        TimeSpan[] before = WorkerCpu.Read();
        long received = target.Received;
        long start = Stopwatch.GetTimestamp();
        int frames = Run(target, duration);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        TimeSpan[] cpu = [.. WorkerCpu.Read().Zip(before, (after, then) => after - then)];
        long delivered = target.Received - received;
        return new FanoutResult(cpu, time, delivered, ((long)frames * PacketsPerFrame * target.Viewers) - delivered);
    }

    private static int Run(IFanout target, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        int frames = 0;
        for (TimeSpan elapsed = default; elapsed < duration; elapsed = Stopwatch.GetElapsedTime(start))
        {
            if (elapsed.TotalSeconds * FramesPerSecond >= frames)
            {
                target.SendFrame();
                frames++;
            }
            target.Receive();
        }
        for (long end = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(end) < Settle;)
            target.Receive();
        return frames;
    }
}
