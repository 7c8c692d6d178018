using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.MicroBench;

/// <summary>Packets of 1,200 bytes kept for retransmission.</summary>
public class HistoryBenchmarks
{
    private readonly byte[] _packet = BenchPackets.Video();
    private readonly PacketHistory _history = new();
    private const int Packets = 1024;

    /// <summary>Time between two packets at 8 Mb/s.</summary>
    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(1.2);

    private readonly int[] _ages = [.. Enumerable.Range(0, Packets)];
    private ExtendedSequence _newest;
    private MonotonicTime _now;
    private int _next;

    public HistoryBenchmarks()
    {
        new Random(1).Shuffle(_ages);
        // Until blocks are used again.
        for (int i = 0; i < 4 * Packets; i++)
            Store();
    }

    [Benchmark]
    public int Store()
    {
        _newest += 1;
        _now += Distance;
        _history.Store(_newest, _packet, _now);
        return 1;
    }

    /// <summary>Any of the last 1,024, in random order.</summary>
    [Benchmark]
    public int Find()
    {
        _next = (_next + 1) & (Packets - 1);
        return _history.TryGet(_newest - _ages[_next], out ReadOnlySpan<byte> packet) && packet.Length == _packet.Length ? 1 : 0;
    }
}
