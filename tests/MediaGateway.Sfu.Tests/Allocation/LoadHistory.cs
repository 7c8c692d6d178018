using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>History of a worker's load reports and of the levels that they led to.</summary>
internal sealed class LoadHistory
{
    private readonly SimulatedGateway _gateway;
    private readonly MonotonicTime _start;
    private int _level;

    public LoadHistory(SimulatedGateway gateway)
    {
        _gateway = gateway;
        _start = gateway.Network.Now;
        gateway.Host.LoadTap = OnLoad;
    }

    /// <summary>Changes of level: the time in seconds, and the level from then on.</summary>
    public List<(double Seconds, int Level)> Changes { get; } = [];

    public List<(double Seconds, WorkerLoad Load)> Loads { get; } = [];

    public double Seconds => (_gateway.Network.Now - _start).TotalSeconds;

    public double BusyFrom(double seconds) => Loads.Where(entry => entry.Seconds >= seconds).Average(entry => entry.Load.Busy);

    public TimeSpan LongestDelayFrom(double seconds) =>
        Loads.Where(entry => entry.Seconds >= seconds).Max(entry => entry.Load.Delay!.Value);

    public override string ToString() => string.Join(' ', Changes.Select(change => $"{change.Seconds:F1}:{change.Level}"));

    private void OnLoad(WorkerLoad load)
    {
        Loads.Add((Seconds, load));
        // Of what the load before led to.
        int level = _gateway.Worker.SheddingLevel;
        if (level != _level)
            Changes.Add((Seconds, level));
        _level = level;
    }
}
