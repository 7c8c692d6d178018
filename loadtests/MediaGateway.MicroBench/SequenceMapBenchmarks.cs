using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.MicroBench;

/// <summary>A subscription's sequence numbers, to and fro.</summary>
public class SequenceMapBenchmarks
{
    private static readonly RunConstants Constants = new(LayerFilter.All, 0);

    private readonly SequenceMap<object, RunConstants> _whole = new(new ExtendedSequence(1));
    private readonly SequenceMap<object, RunConstants> _holes = new(new ExtendedSequence(1));
    private readonly int[] _ages = [.. Enumerable.Range(1, SequenceMap<object, RunConstants>.MaxRuns)];
    private ExtendedSequence _incoming;
    private ExtendedSequence _incomingWithHoles;
    private int _next;

    public SequenceMapBenchmarks()
    {
        new Random(1).Shuffle(_ages);
        _whole.Begin(this, Constants, _incoming + 1);
        _holes.Begin(this, Constants, _incomingWithHoles + 1);
        for (int i = 0; i < SequenceMap<object, RunConstants>.MaxRuns; i++)
            MapBehindHole();
        // So that the newest run is not empty either.
        _incomingWithHoles += 1;
        _holes.TryMap(_incomingWithHoles, out _, out _);
    }

    [Benchmark]
    public int Map()
    {
        _incoming += 1;
        return _whole.TryMap(_incoming, out _, out _) ? 1 : 0;
    }

    /// <summary>One packet passes and one is left out, so that the next begins another run.</summary>
    [Benchmark]
    public int MapBehindHole()
    {
        _incomingWithHoles += 2;
        return _holes.TryMap(_incomingWithHoles - 1, out _, out _)
            && _holes.TryDrop(_incomingWithHoles, _incomingWithHoles, Constants) ? 1 : 0;
    }

    /// <summary>Among 128 runs, in random order.</summary>
    [Benchmark]
    public int Reverse()
    {
        _next = (_next + 1) & (_ages.Length - 1);
        return _holes.TryReverse(_holes.NextOutgoing - _ages[_next], out object? source, out _, out _) && source == this ? 1 : 0;
    }
}
