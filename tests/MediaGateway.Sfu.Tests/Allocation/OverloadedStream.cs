using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>A live stream without layers and its many viewers, on a gateway whose work takes time.</summary>
internal sealed class OverloadedStream : IDisposable
{
    private const string Stream = "stage";
    private const int PacketsPerFrame = 4;

    /// <summary>30 frames and 50 packets of sound a second.</summary>
    private const int PacketsPerSecond = (30 * PacketsPerFrame) + 50;

    private readonly SeededEntropy _entropy;
    private readonly SimulatedDtlsContext _dtls;
    private readonly TestPublisher _publisher;
    private readonly Dictionary<CountingViewer, long> _marks = [];

    public OverloadedStream(int seed, int viewers)
    {
        _entropy = new SeededEntropy(seed);
        _dtls = new SimulatedDtlsContext(_entropy);
        Network = new SimulatedNetwork(seed);
        Gateway = new SimulatedGateway(Network, _dtls, _entropy);
        SimulatedHost host = Gateway.AddHost();
        _publisher = new TestPublisher(host, _dtls, _entropy) { PacketsPerFrame = PacketsPerFrame };
        Assert.Equal(OpenResult.Opened, Gateway.Publish(Stream, _publisher, host).Result);
        Add(viewers);
        Run(2);
        History = new LoadHistory(Gateway);
    }

    public SimulatedNetwork Network { get; }

    public SimulatedGateway Gateway { get; }

    public List<CountingViewer> Viewers { get; } = [];

    public LoadHistory History { get; }

    public int Level => Gateway.Worker.SheddingLevel;

    /// <summary>The longest way of a packet of sound since <see cref="Mark"/>.</summary>
    public TimeSpan LongestDelay => Viewers.Max(viewer => viewer.LongestDelay);

    /// <summary>Sets the load, in cores, that sending everything to everybody takes from now on.</summary>
    public void Offer(double cores) =>
        Gateway.Host.SetCost(new WorkCost(TimeSpan.FromMicroseconds(5), TimeSpan.FromSeconds(cores / (PacketsPerSecond * Viewers.Count))));

    public void Add(int viewers)
    {
        for (int i = 0; i < viewers; i++)
        {
            SimulatedHost host = Gateway.AddHost();
            var viewer = new CountingViewer(host, _dtls, _entropy);
            Assert.Equal(OpenResult.Opened, Gateway.Watch(Stream, viewer, host).Result);
            Viewers.Add(viewer);
        }
    }

    public void Run(double seconds)
    {
        Network.Run(TimeSpan.FromSeconds(seconds));
        Assert.Empty(Gateway.Faults);
    }

    /// <summary>Begins to watch who sees something, and how late it is.</summary>
    public void Mark()
    {
        foreach (CountingViewer viewer in Viewers)
        {
            _marks[viewer] = viewer.Video;
            viewer.LongestDelay = TimeSpan.Zero;
            viewer.Returns = 0;
        }
    }

    /// <summary>Returns the viewers that have received something since <see cref="Mark"/>.</summary>
    public HashSet<CountingViewer> Watching() => [.. Viewers.Where(viewer => viewer.Video > _marks[viewer])];

    /// <summary>Nobody misses a packet of the sound, or of what is sent of the picture.</summary>
    public void AssertNothingLost()
    {
        Assert.Equal(0, Gateway.Host.DatagramsLost);
        Assert.All(Viewers, viewer => Assert.Equal((0, 0), (viewer.AudioLost, viewer.VideoLost)));
    }

    public void Dispose()
    {
        _publisher.Dispose();
        Viewers.ForEach(viewer => viewer.Dispose());
        Gateway.Worker.Drain(Network.Now);
        _dtls.Dispose();
    }
}
