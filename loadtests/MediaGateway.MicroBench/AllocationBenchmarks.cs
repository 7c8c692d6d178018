using BenchmarkDotNet.Attributes;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.MicroBench;

/// <summary>Division of a line among 25 videos of nine steps each.</summary>
public class AllocationBenchmarks
{
    private const int Videos = 25;
    private const int Steps = 9;

    private readonly LayerRung[] _rungs = new LayerRung[Videos * Steps];
    private readonly VideoClaim[] _claims = new VideoClaim[Videos];
    private long _budget;

    public AllocationBenchmarks()
    {
        var random = new Random(1);
        for (int i = 0; i < Videos; i++)
        {
            _claims[i] = new VideoClaim
            {
                Index = i,
                Class = random.Next(4),
                Size = random.Next(1000),
                First = i * Steps,
                Count = Steps,
                Current = random.Next(Steps),
                Ceiling = Steps - 1,
            };
            long rate = 0;
            for (int step = 0; step < Steps; step++)
            {
                rate += random.Next(20_000, 300_000);
                _rungs[(i * Steps) + step] = new LayerRung(new MaxLayers(Paused: false, step / 3, step % 3), rate * 9 / 10, rate);
            }
        }
    }

    [Benchmark]
    public int Choose()
    {
        _budget = (_budget + 1_000_000) % 30_000_000;
        LayerAllocator.Choose(_claims, _rungs, new LineBudget(_budget, _budget * 10 / 11, MayPause: true));
        return 1;
    }
}
