using System.Buffers.Binary;
using System.Net;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Links;
using MediaGateway.Testing.Network;

namespace MediaGateway.Sfu.Tests.Bandwidth;

/// <summary>The wires of the simulated network, and hosts that share a bottleneck before them.</summary>
public sealed class WireTests
{
    private const int Datagrams = 20_000;

    private readonly SimulatedNetwork _network = new(seed: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Losses_come_in_bursts_of_the_stated_length_and_are_as_many(double burst)
    {
        List<int> received = Run(new LinkConditions { Loss = 0.1, LossBurst = burst }, TimeSpan.FromMilliseconds(1));

        Assert.Equal(0.1, 1 - (double)received.Count / Datagrams, 0.015);
        int bursts = received.Zip(received.Skip(1)).Count(pair => pair.Second != pair.First + 1);
        Assert.Equal(burst == 1 ? 1.11 : burst, (double)(Datagrams - received.Count) / bursts, burst * 0.1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Jitter_reorders_unless_the_order_is_kept(bool keepsOrder)
    {
        var conditions = new LinkConditions { Jitter = TimeSpan.FromMilliseconds(30), KeepsOrder = keepsOrder };
        List<int> received = Run(conditions, TimeSpan.FromMilliseconds(1));

        Assert.Equal(Datagrams, received.Count);
        Assert.Equal(keepsOrder, received.SequenceEqual(received.Order()));
    }

    [Fact]
    public void Hosts_of_one_access_line_share_its_queue_and_others_do_not_feel_it()
    {
        var line = new SimulatedLink(_network, new LinkOptions { Rate = RateTrace.Constant(1) });
        var server = new SimulatedHost(_network, Address(1));
        var handlers = new RecordingHandler[3];
        for (int i = 0; i < 3; i++)
        {
            var host = new SimulatedHost(_network, Address(10 + i)) { DownstreamFlow = i < 2 ? line.Join($"host {i}") : null };
            handlers[i] = new RecordingHandler();
            host.Start(handlers[i]);
        }
        byte[] datagram = new byte[1222];
        for (int i = 0; i < 12; i++)
        {
            datagram.CopyTo(server.Reserve());
            server.Commit(datagram.Length, new NetworkPath(default, Address(10 + i % 3)));
        }
        _network.Run(TimeSpan.FromSeconds(1));

        // 1250 bytes with their headers take 10 ms of the line, and 10 ms of the wire behind it.
        Assert.Equal([20, 40, 60, 80], handlers[0].Arrivals.Select(Milliseconds));
        Assert.Equal([30, 50, 70, 90], handlers[1].Arrivals.Select(Milliseconds));
        Assert.Equal([10, 10, 10, 10], handlers[2].Arrivals.Select(Milliseconds));
        Assert.Equal([5000, 5000], line.Flows.Select(flow => flow.BytesSent));
    }

    [Fact]
    public void What_a_host_sends_takes_its_own_way_up()
    {
        var up = new SimulatedLink(_network, new LinkOptions { Rate = RateTrace.Constant(1) });
        var client = new SimulatedHost(_network, Address(1)) { UpstreamFlow = up.Join("client") };
        var server = new SimulatedHost(_network, Address(2));
        var handler = new RecordingHandler();
        server.Start(handler);
        for (int i = 0; i < 2; i++)
            client.Commit(1222, new NetworkPath(default, server.Address));
        _network.Run(TimeSpan.FromSeconds(1));

        Assert.Equal([20, 30], handler.Arrivals.Select(Milliseconds));
    }

    [Theory]
    [InlineData(1.0005, 50)]
    [InlineData(0.9995, -50)]
    public void Clock_that_drifts_shows_another_time_and_keeps_to_it(double speed, double drift)
    {
        var host = new SimulatedHost(_network, Address(1)) { ClockSpeed = speed };
        var handler = new RecordingHandler { Period = TimeSpan.FromSeconds(1) };
        host.Start(handler);
        _network.Run(TimeSpan.FromSeconds(100));

        Assert.Equal(drift, (host.LocalTime - _network.Now).TotalMilliseconds, 0.01);
        Assert.Equal(speed > 1 ? 100 : 99, handler.Ticks);
        Assert.All(handler.Delays, delay => Assert.InRange(delay, -0.001, 1.001));
    }

    private static double Milliseconds(MonotonicTime time) => (time - MonotonicTime.FromMilliseconds(1_000_000)).TotalMilliseconds;

    private static TransportAddress Address(int host) => TransportAddress.From(IPAddress.Parse($"192.0.2.{host}"), 1000);

    /// <summary>Sends numbered datagrams, and returns the numbers in the order that they came in.</summary>
    private List<int> Run(LinkConditions conditions, TimeSpan interval)
    {
        var from = new SimulatedHost(_network, Address(1));
        var to = new SimulatedHost(_network, Address(2)) { Downlink = conditions };
        var handler = new RecordingHandler();
        to.Start(handler);
        for (int i = 0; i < Datagrams; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(from.Reserve(), i);
            from.Commit(sizeof(int), new NetworkPath(default, to.Address));
            _network.Run(interval);
        }
        _network.Run(TimeSpan.FromSeconds(1));
        return handler.Numbers;
    }

    private sealed class RecordingHandler : IDatapathHandler
    {
        private MonotonicTime _due = MonotonicTime.Never;

        public TimeSpan? Period { get; init; }

        public List<int> Numbers { get; } = [];

        public List<MonotonicTime> Arrivals { get; } = [];

        public int Ticks { get; private set; }

        /// <summary>Milliseconds of its own clock that it was called after it had to be.</summary>
        public List<double> Delays { get; } = [];

        public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
        {
            Numbers.Add(BinaryPrimitives.ReadInt32BigEndian(datagram));
            Arrivals.Add(now);
        }

        public MonotonicTime OnTick(MonotonicTime now)
        {
            if (Period is not { } period)
                return MonotonicTime.Never;
            if (_due.IsNever)
                _due = now + period;
            while (_due <= now)
            {
                Ticks++;
                Delays.Add((now - _due).TotalMilliseconds);
                _due += period;
            }
            return _due;
        }
    }
}
