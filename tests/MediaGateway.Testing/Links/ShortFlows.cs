using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Links;

/// <summary>Short TCP transfers one after the other, as of somebody who reads pages: RFC 8867 section 5.7.</summary>
/// <param name="network">Its clock.</param>
/// <param name="flow">The way of all of them.</param>
/// <param name="delay">Delay of the wire in each direction.</param>
/// <param name="seed">Draws the sizes, 30 to 50 kB, and the pauses, of 10 s in the mean.</param>
public sealed class ShortFlows(SimulatedNetwork network, LinkFlow flow, TimeSpan delay, int seed)
{
    private const double MeanPause = 10;

    private readonly Random _random = new(seed);

    /// <summary>Transfers that have ended.</summary>
    public int Completed { get; private set; }

    public void Start() => network.After(TimeSpan.FromSeconds(MeanPause * -Math.Log(1 - _random.NextDouble())), Transfer);

    private void Transfer()
    {
        var transfer = new CubicFlow(network, flow, delay)
        {
            Completed = () =>
            {
                Completed++;
                Start();
            },
        };
        transfer.Start(_random.Next(30_000, 50_001));
    }
}
