using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Links;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>A modelled publisher, a real gateway and modelled viewers behind bottlenecks; the same seed gives the same run.</summary>
public sealed class BandwidthScenario : IDisposable
{
    /// <summary>The wire of RFC 8867 section 4: 50 ms in each direction, and up to 30 ms more without reordering.</summary>
    public static readonly LinkConditions StandardWire = WireOf(milliseconds: 50, jitter: 30);

    private const string Stream = "stage";

    private readonly SeededEntropy _entropy;
    private readonly SimulatedDtlsContext _dtls;
    private readonly List<ModelViewer> _viewers = [];
    private readonly Dictionary<ModelViewer, PeerId> _ids = [];

    /// <param name="seed">The same seed gives the same run.</param>
    /// <param name="video">What is published; <see cref="VideoModel.Camera"/> when nothing is stated.</param>
    /// <param name="line">The way from the gateway to the viewers.</param>
    /// <param name="estimatesBandwidth">Whether the gateway finds out what it carries.</param>
    public BandwidthScenario(int seed, LinkOptions line, VideoModel? video = null, bool estimatesBandwidth = true)
    {
        Seed = seed;
        Network = new SimulatedNetwork(seed);
        _entropy = new SeededEntropy(seed);
        _dtls = new SimulatedDtlsContext(_entropy);
        Gateway = new SimulatedGateway(Network, _dtls, _entropy, estimatesBandwidth: estimatesBandwidth);
        SimulatedHost host = Gateway.AddHost();
        Publisher = new ModelPublisher(host, _dtls, _entropy, video ?? VideoModel.Camera, seed);
        if (Gateway.Publish(Stream, Publisher, host).Result != OpenResult.Opened)
            throw new InvalidOperationException("The publisher was refused.");
        Network.Run(TimeSpan.FromSeconds(2));
        Start = Network.Now;
        Line = new SimulatedLink(Network, line);
    }

    public int Seed { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedGateway Gateway { get; }

    public ModelPublisher Publisher { get; }

    /// <summary>The bottleneck before the viewers, which begins when the publisher has been there for 2 s.</summary>
    public SimulatedLink Line { get; }

    /// <summary>Time at which the bottleneck began.</summary>
    public MonotonicTime Start { get; }

    public IReadOnlyList<ModelViewer> Viewers => _viewers;

    public static LinkConditions WireOf(double milliseconds, double jitter = 0) => new()
    {
        Delay = TimeSpan.FromMilliseconds(milliseconds),
        Jitter = TimeSpan.FromMilliseconds(jitter),
        KeepsOrder = true,
    };

    /// <summary>Adds a viewer behind the bottleneck.</summary>
    /// <param name="wire">Its wire behind the bottleneck, in both directions.</param>
    /// <param name="feedback">What it sends back.</param>
    /// <param name="up">The bottleneck of what it sends back; null for none.</param>
    /// <param name="interval">Time between two reports of transport-wide feedback; null for Chromium's.</param>
    public ModelViewer Watch(LinkConditions? wire = null, ViewerFeedback feedback = ViewerFeedback.TransportWide, LinkFlow? up = null,
        TimeSpan? interval = null)
    {
        SimulatedHost host = Gateway.AddHost(wire ?? StandardWire);
        host.DownstreamFlow = Line.Join($"viewer {_viewers.Count + 1}");
        host.UpstreamFlow = up;
        var viewer = new ModelViewer(host, _dtls, _entropy, Publisher, feedback, interval);
        (OpenResult result, PeerId id) = Gateway.Watch(Stream, viewer, host);
        if (result != OpenResult.Opened)
            throw new InvalidOperationException("The viewer was refused.");
        _viewers.Add(viewer);
        _ids.Add(viewer, id);
        return viewer;
    }

    /// <summary>Does something so many seconds after the start.</summary>
    public void At(double seconds, Action action) => Network.At(Start + TimeSpan.FromSeconds(seconds), action);

    /// <summary>Takes a viewer's picture away, or gives it back, as a director does.</summary>
    public void Pause(ModelViewer viewer, bool isPaused)
    {
        Subscription picture = PeerOf(viewer).Subscriptions.First(subscription => subscription.Kind == MediaKind.Video);
        picture.SetLimit(new LayerLimit(isPaused ? MaxLayers.None : MaxLayers.All, LimitCause.Wish), Network.Now);
        Gateway.Host.Wake();
    }

    /// <summary>The gateway's end of a viewer's connection.</summary>
    public Viewer PeerOf(ModelViewer viewer) => (Viewer)Gateway.Worker.Peers.Find(_ids[viewer])!;

    /// <summary>Runs up to so many seconds after the start.</summary>
    /// <exception cref="InvalidOperationException">The gateway has a bug, which is the cause.</exception>
    public void RunTo(double seconds)
    {
        Network.Run(Start + TimeSpan.FromSeconds(seconds) - Network.Now);
        if (Gateway.Faults.Count > 0)
            throw new InvalidOperationException($"Seed {Seed}: the gateway failed.", Gateway.Faults[0]);
    }

    public void Dispose()
    {
        Publisher.Dispose();
        _viewers.ForEach(viewer => viewer.Dispose());
        Gateway.Worker.Drain(Network.Now);
        _dtls.Dispose();
    }
}
