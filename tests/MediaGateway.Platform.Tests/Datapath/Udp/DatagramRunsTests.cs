using MediaGateway.Platform.Datapath;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Datapath.Udp;

public sealed class DatagramRunsTests
{
    private const int Capacity = 300;

    private readonly DatagramBatch _batch = new(Capacity, 1500);
    private readonly DatagramRuns _runs = new(Capacity);

    [Fact]
    public void Equal_datagrams_to_one_destination_are_one_run_across_others()
    {
        Fill((1, 100), (2, 100), (1, 100), (2, 100), (1, 100));
        Assert.Equal(["0 2 4", "1 3"], Group());
    }

    [Fact]
    public void Shorter_datagram_ends_a_run_and_a_longer_one_begins_another()
    {
        Fill((1, 100), (1, 100), (1, 60), (1, 60), (1, 100), (1, 100));
        Assert.Equal(["0 1 2", "3", "4 5"], Group());
    }

    [Fact]
    public void Runs_have_an_end_in_number_and_in_bytes()
    {
        Fill([.. Enumerable.Repeat((1, 10), DatagramRuns.MaxSegments + 1)]);
        Assert.Equal([DatagramRuns.MaxSegments, 1], Group().Select(run => run.Split(' ').Length));
        Fill([.. Enumerable.Repeat((1, 1400), 50)]);
        Assert.Equal([DatagramRuns.MaxBytes / 1400, 50 - (DatagramRuns.MaxBytes / 1400)], Group().Select(run => run.Split(' ').Length));
    }

    [Fact]
    public void Empty_datagrams_and_those_of_another_socket_stay_alone_and_out()
    {
        Fill((1, 0), (1, 0), (1, 5), (1, 0));
        Assert.Equal(["0", "1", "2", "3"], Group());
        _batch.Clear();
        _batch.Add(new byte[10], new NetworkPath(new EndpointId(1), Address(1)));
        _batch.Add(new byte[10], new NetworkPath(new EndpointId(0), Address(1)));
        Assert.Equal(["1"], Group());
    }

    [Fact]
    public void Whatever_comes_each_destination_gets_its_datagrams_once_in_order_and_each_run_can_be_cut_apart()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int round = 0; round < 500; round++)
        {
            Fill([.. Enumerable.Range(0, random.Next(Capacity))
                .Select(_ => (random.Next(1 + (round % 40)), random.Next(3) == 0 ? random.Next(1400) : 1200))]);
            int maxSegments = random.Next(1, DatagramRuns.MaxSegments + 1);
            int[][] runs = [.. Group(maxSegments).Select(run => run.Split(' ').Select(int.Parse).ToArray())];

            Assert.True(runs.SelectMany(run => run).Order().SequenceEqual(Enumerable.Range(0, _batch.Count)),
                $"seed {seed}, round {round}");
            foreach (int[] run in runs)
            {
                Assert.InRange(run.Length, 1, maxSegments);
                Assert.Single(run.Select(datagram => _batch.PathOf(datagram).Remote).Distinct());
                Assert.All(run.SkipLast(1), datagram => Assert.Equal(_batch[run[0]].Length, _batch[datagram].Length));
                Assert.InRange(_batch[run[^1]].Length, 0, _batch[run[0]].Length);
            }
            foreach (var destination in runs.SelectMany(run => run).GroupBy(datagram => _batch.PathOf(datagram).Remote))
                Assert.True(destination.SequenceEqual(destination.Order()), $"seed {seed}, round {round}");
        }
    }

    private void Fill(params (int Destination, int Length)[] datagrams)
    {
        _batch.Clear();
        foreach ((int destination, int length) in datagrams)
            _batch.Add(new byte[length], new NetworkPath(new EndpointId(0), Address(destination)));
    }

    private string[] Group(int maxSegments = DatagramRuns.MaxSegments)
    {
        _runs.Group(_batch, new EndpointId(0), maxSegments);
        return [.. Enumerable.Range(0, _runs.Count).Select(run => string.Join(' ', Datagrams(_runs[run].First)))];
    }

    private IEnumerable<int> Datagrams(int first)
    {
        for (int datagram = first; datagram >= 0; datagram = _runs.Next(datagram))
            yield return datagram;
    }

    /// <summary>Close together, as many clients behind one address are.</summary>
    private static TransportAddress Address(int number) => TransportAddress.FromIPv4(0x7F000001, (ushort)(10_000 + number));
}
