using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Links;

/// <summary>
/// Cross traffic at a constant rate that takes no notice of anything, all the time or in turns: periods of sending and of silence
/// whose lengths are drawn from an exponential distribution.
/// </summary>
public sealed class OnOffFlow(SimulatedNetwork network, LinkFlow flow, double megabits, int seed)
{
    private const int PacketBytes = 1200;

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(PacketBytes * 8 / 1e6 / megabits);
    private readonly Random _random = new(seed);
    private int _run;

    /// <summary>Mean length of a period of sending.</summary>
    public TimeSpan MeanOn { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Mean length of a silence; zero for a flow that never pauses.</summary>
    public TimeSpan MeanOff { get; init; }

    /// <summary>Bytes that were offered to the link.</summary>
    public long BytesOffered { get; private set; }

    public void Start()
    {
        int run = ++_run;
        TimeSpan length = MeanOff == TimeSpan.Zero ? TimeSpan.MaxValue : Draw(MeanOn);
        Send(run, length);
    }

    public void Stop() => _run++;

    private void Send(int run, TimeSpan left)
    {
        if (run != _run)
            return;
        if (left <= TimeSpan.Zero)
        {
            network.After(Draw(MeanOff), () => Send(run, Draw(MeanOn)));
            return;
        }
        BytesOffered += PacketBytes;
        flow.Send(PacketBytes, static () => { });
        network.After(_interval, () => Send(run, left - _interval));
    }

    private TimeSpan Draw(TimeSpan mean) => mean * -Math.Log(1 - _random.NextDouble());
}
