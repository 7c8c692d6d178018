using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>A gateway and its clients on one simulated network; the same seed gives the same run.</summary>
internal sealed class LiveStreamScenario : IDisposable
{
    public const string Stream = "stage";

    private readonly SeededEntropy _entropy;
    private readonly List<TestPeer> _peers = [];
    private readonly IDtlsContext _dtls;

    /// <param name="seed">The same seed gives the same run.</param>
    /// <param name="link">Between the gateway and each client.</param>
    /// <param name="dtls">Simulated where none is given.</param>
    /// <param name="workers">
    /// With more than one, every other viewer, beginning with the first, is on another worker than the publishers.
    /// </param>
    /// <param name="relayCapacity">Bytes that may be on their way from one worker to another.</param>
    /// <param name="start">The time at the start; some minutes when none is given.</param>
    /// <param name="estimatesBandwidth">Whether the gateway finds out what the clients' lines carry.</param>
    public LiveStreamScenario(int seed, LinkConditions? link = null, IDtlsContext? dtls = null, int workers = 1,
        int relayCapacity = 1 << 20, MonotonicTime? start = null, bool estimatesBandwidth = false)
    {
        Link = link ?? LinkConditions.Perfect;
        Network = new SimulatedNetwork(seed, start);
        _entropy = new SeededEntropy(seed);
        _dtls = dtls ?? new SimulatedDtlsContext(_entropy);
        Gateway = new SimulatedGateway(Network, _dtls, _entropy, workers: workers, relayCapacity: relayCapacity,
            estimatesBandwidth: estimatesBandwidth);
    }

    public SimulatedNetwork Network { get; }

    public SimulatedGateway Gateway { get; }

    public LinkConditions Link { get; set; }

    public SimulatedHost? LastHost { get; private set; }

    public PeerId LastId { get; private set; }

    public TestPublisher Publish(CodecKind codec = CodecKind.Vp8, byte id = 1, bool takeOver = false)
    {
        LastHost = Gateway.AddHost(Link);
        var publisher = new TestPublisher(LastHost, _dtls, _entropy, codec, id);
        _peers.Add(publisher);
        (OpenResult result, LastId) = Gateway.Publish(Stream, publisher, LastHost, takeOver);
        Assert.Equal(OpenResult.Opened, result);
        return publisher;
    }

    public TestViewer Watch(bool retransmission = true, CodecKind codec = CodecKind.H264)
    {
        LastHost = Gateway.AddHost(Link);
        var viewer = new TestViewer(LastHost, _dtls, _entropy, [CodecKind.Vp8, codec], retransmission);
        _peers.Add(viewer);
        (OpenResult result, LastId) = Gateway.Watch(Stream, viewer, LastHost);
        Assert.Equal(OpenResult.Opened, result);
        return viewer;
    }

    public void Run(double seconds)
    {
        Network.Run(TimeSpan.FromSeconds(seconds));
        Assert.Empty(Gateway.Faults);
    }

    public void RunUntil(Func<bool> condition, double limit = 10) =>
        Assert.True(Network.RunUntil(condition, TimeSpan.FromSeconds(limit)), "The condition did not come to hold in time.");

    /// <summary>The invariants of one viewer's video, whatever happened to its sources.</summary>
    /// <param name="viewer">Whose.</param>
    /// <param name="lossy">The network may have lost the very first packets, which no receiver can miss.</param>
    public static void AssertContinuous(TestViewer viewer, bool lossy = false)
    {
        Assert.NotEmpty(viewer.Video);
        Assert.Equal(0, viewer.Damaged);
        Assert.Single(viewer.Video.Values.Select(packet => packet.Ssrc).Distinct());
        ReceivedPacket[] packets = [.. viewer.Video.Values];
        if (!lossy)
            Assert.True(packets[0].Payload is { IsKey: true, Packet: 0 }, "The stream must begin with the first packet of a key frame.");
        for (int i = 1; i < packets.Length; i++)
            AssertFollows(packets[i - 1], packets[i]);
    }

    /// <summary>Asserts that the gateway left out no sequence number.</summary>
    public static void AssertNoHoles(TestViewer viewer) =>
        Assert.Equal(viewer.Video.Count + viewer.Sets.Count,
            viewer.Video.Keys.Last() - Math.Min(viewer.Video.Keys.First(), viewer.Sets.Keys.FirstOrDefault(long.MaxValue)) + 1);

    public void Dispose()
    {
        foreach (TestPeer peer in _peers)
            peer.Dispose();
        Gateway.Drain();
        Assert.Equal(0, Gateway.CountLeftOver());
        _dtls.Dispose();
    }

    private static void AssertFollows(in ReceivedPacket before, in ReceivedPacket after)
    {
        int step = after.Timestamp.DistanceFrom(before.Timestamp);
        Assert.True(step >= 0, "Timestamps must never go back.");
        bool isSwitch = before.Payload.Publisher != after.Payload.Publisher;
        if (isSwitch)
            Assert.True(after.Payload is { IsKey: true, Packet: 0 }, "A switch must begin with the first packet of a key frame.");
        if (isSwitch)
            Assert.True(step > 0, "A new source's first frame must have a timestamp of its own.");
        if (before.Payload.Codec == CodecKind.Vp8 && after.Payload.Codec == CodecKind.Vp8)
            AssertPictureFollows(before.Payload, after.Payload, isSwitch);
    }

    private static void AssertPictureFollows(in TestPayload before, in TestPayload after, bool isSwitch)
    {
        int frames = isSwitch ? 1 : (int)(after.Frame - before.Frame);
        Assert.Equal((before.PictureId + frames) & 0x7FFF, after.PictureId);
        Assert.Equal((byte)(before.Tl0PicIdx + frames), after.Tl0PicIdx);
    }
}
