using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Links;
using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>
/// The packets of a sender on their way, and what the receiver's feedback says of them: a packet is lost when 50 ms later ones have
/// arrived and it has not; what was in a lost report is never known.
/// </summary>
internal sealed class LoopReceiver
{
    private static readonly TimeSpan Reordering = TimeSpan.FromMilliseconds(50);

    private readonly SimulatedNetwork _network;
    private readonly LinkFlow _forward;
    private readonly LinkFlow? _back;
    private readonly LoopOptions _options;
    private readonly Random _random;
    private readonly WireState _wire = new();
    private readonly List<Packet> _outstanding = [];
    private readonly MonotonicTime _start;
    private List<Packet> _arrived = [];
    private PacketResult[] _results = new PacketResult[64];
    private MonotonicTime _stallEnd;
    private MonotonicTime _nextStall;

    public LoopReceiver(SimulatedNetwork network, LinkFlow forward, LinkFlow? back, LoopOptions options, int seed)
    {
        (_network, _forward, _back, _options, _start) = (network, forward, back, options, network.Now);
        _random = new Random(seed);
        network.After(options.FeedbackInterval * _random.NextDouble(), Report);
    }

    /// <summary>Takes the results of a report.</summary>
    public required Action<ReadOnlyMemory<PacketResult>> Results { get; init; }

    /// <summary>Runs when a packet arrives, with the time that it was on its way.</summary>
    public Action<int, TimeSpan>? Arrived { get; set; }

    public void Send(int bytes, byte probe)
    {
        var packet = new Packet(_network.Now, bytes, probe);
        _outstanding.Add(packet);
        _forward.Send(bytes, () =>
        {
            if (_wire.Loses(_options.Wire, _random))
                return;
            _network.At(_wire.Arrival(_options.Wire, _random, _network.Now), () => OnArrival(packet));
        });
    }

    private void OnArrival(Packet packet)
    {
        Arrived?.Invoke(packet.Bytes, _network.Now - packet.Sent);
        MonotonicTime seen = AfterStall(_network.Now);
        if (seen > _network.Now)
            _network.At(seen, () => Note(packet));
        else
            Note(packet);
    }

    private void Note(Packet packet)
    {
        // Feedback has steps of 0.25 ms.
        long ticks = (long)((_network.Now - _start).Ticks * _options.ClockSpeed) / 2500 * 2500;
        packet.Arrival = new TimeSpan(ticks + 987_654_321);
        _arrived.Add(packet);
    }

    private MonotonicTime AfterStall(MonotonicTime now)
    {
        if (_options.Stalled <= 0)
            return now;
        while (now >= _nextStall)
        {
            TimeSpan length = TimeSpan.FromMilliseconds(50 + 150 * _random.NextDouble());
            _stallEnd = _nextStall + length;
            _nextStall = _stallEnd + length * (1 / _options.Stalled - 1) * (2 * _random.NextDouble());
        }
        return now < _stallEnd ? _stallEnd : now;
    }

    private void Report()
    {
        _network.After(_options.FeedbackInterval, Report);
        MonotonicTime time = AfterStall(_network.Now);
        if (time > _network.Now)
            _network.At(time + TimeSpan.FromMilliseconds(1), SendReport);
        else
            SendReport();
    }

    private void SendReport()
    {
        if (_arrived.Count == 0)
            return;
        List<Packet> report = _arrived;
        _arrived = [];
        bool isLost = _random.NextDouble() < _options.FeedbackLoss(_network.Now - _start);
        Action arrive = () => _network.After(_options.BackDelay, () => OnReport(report, isLost));
        if (_back is null)
            arrive();
        else
            _back.Send(80 + 2 * report.Count, arrive);
    }

    private void OnReport(List<Packet> report, bool isLost)
    {
        MonotonicTime newest = report.Max(packet => packet.Sent);
        foreach (Packet packet in report)
            packet.IsReported = true;
        int count = 0;
        if (isLost)
        {
            // What did not arrive before a report that is lost is not known to be lost either.
            _outstanding.RemoveAll(packet => packet.IsReported);
            return;
        }
        foreach (Packet packet in _outstanding)
        {
            if (packet.Sent > newest)
                break;
            if (!packet.IsReported && newest - packet.Sent < Reordering)
                continue;
            if (count == _results.Length)
                Array.Resize(ref _results, 2 * count);
            _results[count++] = new PacketResult(packet.Sent, packet.Arrival, packet.IsReported, packet.Bytes, packet.Probe);
            packet.IsReported = true;
        }
        _outstanding.RemoveAll(packet => packet.IsReported);
        Results(_results.AsMemory(0, count));
    }

    private sealed class Packet(MonotonicTime sent, int bytes, byte probe)
    {
        public MonotonicTime Sent => sent;

        public int Bytes => bytes;

        public byte Probe => probe;

        public TimeSpan Arrival { get; set; }

        public bool IsReported { get; set; }
    }
}
