using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Tests.Scenarios;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Sfu.Tests.LiveStreams;

/// <summary>
/// A control room in virtual time: cameras that publish streams of their own, and a stream that a director makes of them.
/// </summary>
internal sealed class ProgramScenario : IDisposable
{
    public const string Show = "show";

    private readonly SeededEntropy _entropy;
    private readonly SimulatedDtlsContext _dtls;
    private readonly Dictionary<byte, SimulatedHost> _hosts = [];
    private readonly List<TestPeer> _peers = [];

    /// <param name="seed">The same seed gives the same run.</param>
    /// <param name="workers">
    /// With more than one, every other viewer, beginning with the first, is on another worker than the stream.
    /// </param>
    /// <param name="start">The time at the start; some minutes when none is given.</param>
    public ProgramScenario(int seed, int workers = 1, MonotonicTime? start = null)
    {
        Network = new SimulatedNetwork(seed, start);
        _entropy = new SeededEntropy(seed);
        _dtls = new SimulatedDtlsContext(_entropy);
        Gateway = new SimulatedGateway(Network, _dtls, _entropy, workers: workers);
        Stream = Gateway.Worker.LiveStreams.Keep(Show, Now)!;
    }

    public SimulatedNetwork Network { get; }

    public SimulatedGateway Gateway { get; }

    public LiveStream Stream { get; }

    public MonotonicTime Now => Network.Now;

    public LiveStreamSnapshot State => Stream.Snapshot();

    /// <summary>A camera that publishes a stream of its own, and a source of the show that takes it: <c>cam1</c> for 1.</summary>
    public TestPublisher AddCamera(byte id, CodecKind codec = CodecKind.Vp8, LinkConditions? link = null)
    {
        TestPublisher camera = Publish($"cam{id}", id, codec, link);
        if (Stream.Snapshot().Sources.All(source => source.Description.Id != $"cam{id}"))
            Assert.Equal(BusResult.Done, Stream.AddSource(new SourceDescription.Publisher($"cam{id}", "", $"cam{id}"), Now));
        return camera;
    }

    public TestPublisher Publish(string stream, byte id, CodecKind codec = CodecKind.Vp8, LinkConditions? link = null)
    {
        SimulatedHost host = Gateway.AddHost(link);
        _hosts[id] = host;
        var camera = new TestPublisher(host, _dtls, _entropy, codec, id);
        _peers.Add(camera);
        Assert.Equal(OpenResult.Opened, Gateway.Publish(stream, camera, host).Result);
        return camera;
    }

    /// <param name="source">What is watched; empty for the program.</param>
    /// <param name="codecs">Codecs of video that the viewer knows.</param>
    public TestViewer Watch(string source = "", params CodecKind[] codecs)
    {
        SimulatedHost host = Gateway.AddHost();
        var viewer = new TestViewer(host, _dtls, _entropy, [.. codecs]);
        _peers.Add(viewer);
        Assert.Equal(OpenResult.Opened, Gateway.Watch(Show, viewer, host, source).Result);
        return viewer;
    }

    /// <summary>Cuts a source off: nothing comes from it any more, and nobody is notified.</summary>
    public void PullCable(byte id) => Network.Remove(_hosts[id]);

    public void CutTo(string source)
    {
        Assert.Equal(BusResult.Done, Stream.SetPreview(source, Now));
        Assert.Equal(BusResult.Done, Stream.Cut("", Now));
        RunUntil(() => State.Program == source, 1);
    }

    public void Run(double seconds)
    {
        Network.Run(TimeSpan.FromSeconds(seconds));
        Assert.Empty(Gateway.Faults);
    }

    public void RunUntil(Func<bool> condition, double limit) =>
        Assert.True(Network.RunUntil(condition, TimeSpan.FromSeconds(limit)), "The condition did not come to hold in time.");

    /// <summary>Returns the sources seen, in order, and the longest time without a new frame.</summary>
    public static (int[] Seen, double LongestFreeze) Watched(TestViewer viewer, MonotonicTime from = default)
    {
        List<int> seen = [];
        MonotonicTime? last = null;
        double longest = 0;
        foreach (ReceivedPacket packet in viewer.Video.Values.Where(packet => packet.Arrival >= from))
        {
            if (seen.Count == 0 || seen[^1] != packet.Payload.Publisher)
                seen.Add(packet.Payload.Publisher);
            if (last is { } before)
                longest = Math.Max(longest, (packet.Arrival - before).TotalSeconds);
            last = packet.Arrival;
        }
        return ([.. seen], longest);
    }

    public static int[] Heard(TestViewer viewer) => [.. viewer.Audio.Values.Select(packet => (int)packet.Payload.Publisher).Aggregate(
        new List<int>(), (seen, next) => seen.Count > 0 && seen[^1] == next ? seen : [.. seen, next])];

    /// <summary>
    /// One stream to the last bit: no number is missing, timestamps ascend, each new picture source begins with its key frame.
    /// </summary>
    public static void AssertOneStream(TestViewer viewer)
    {
        LiveStreamScenario.AssertNoHoles(viewer);
        Assert.Equal(0, viewer.Damaged);
        Assert.Single(viewer.Video.Values.Select(packet => packet.Ssrc).Distinct());
        ReceivedPacket[] packets = [.. viewer.Video.Values];
        Assert.True(packets[0].Payload is { IsKey: true, Packet: 0 });
        for (int i = 1; i < packets.Length; i++)
        {
            int step = packets[i].Timestamp.DistanceFrom(packets[i - 1].Timestamp);
            bool isSwitch = packets[i].Payload.Publisher != packets[i - 1].Payload.Publisher;
            Assert.True(isSwitch ? step > 0 : step >= 0, "Timestamps ascend.");
            Assert.True(!isSwitch || packets[i].Payload is { IsKey: true, Packet: 0 }, "A switch begins with a key frame.");
        }
        int[] audio =
            [.. viewer.Audio.Values.Zip(viewer.Audio.Values.Skip(1), (before, after) => after.Timestamp.DistanceFrom(before.Timestamp))];
        Assert.All(audio, step => Assert.True(step > 0));
        Assert.Equal(viewer.Audio.Count, viewer.Audio.Keys.Last() - viewer.Audio.Keys.First() + 1);
    }

    public void Dispose()
    {
        foreach (TestPeer peer in _peers)
            peer.Dispose();
        Gateway.Drain();
        Assert.Equal(0, Gateway.CountLeftOver());
        _dtls.Dispose();
    }
}
