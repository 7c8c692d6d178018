using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Media;
using MediaGateway.LoadTester.Scenarios;
using MediaGateway.LoadTester.Servers;
using MediaGateway.LoadTester.Targets;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Testing.Repository;

namespace MediaGateway.LoadTester.Tests;

/// <summary>
/// Short runs against the gateway's executable, over HTTP and real sockets: everything is there, and every packet is checked.
/// </summary>
public sealed class LoadRunTests
{
    [Theory]
    [InlineData(CodecKind.Vp8)]
    [InlineData(CodecKind.Vp9)]
    [InlineData(CodecKind.H264)]
    public async Task Stream_with_viewers_who_come_and_go_arrives_whole(CodecKind codec)
    {
        var scenario = new Scenario
        {
            Name = "test",
            Viewers = 6,
            Streams = 2,
            ChurnPerSecond = 2,
            WarmUpSeconds = 0.5,
            Seconds = 2,
            Tracks = [new TrackSettings { Codec = codec, Bitrate = 500_000 }, new TrackSettings
                { Codec = CodecKind.Opus, Bitrate = 48_000, FramesPerSecond = 50 }],
        };

        RunResult result = await RunAsync(scenario);

        AssertWhole(result);
        // Slow machines send late, but no viewer is owed less than half.
        Assert.InRange(result.Checked.Received, scenario.PacketsPerViewerSecond * 6 * 2 / 2,
            scenario.PacketsPerViewerSecond * 7 * result.Seconds * 1.2);
        // Memory is not asked for: the gateway may collect within so short a run, and then has less than before.
        Assert.True(result.LatencyP50 > 0 && result.CpuPerPacket > 0);
    }

    [Fact]
    public async Task Meeting_whose_people_change_layers_arrives_whole()
    {
        var scenario = new Scenario
        {
            Name = "test",
            Kind = ScenarioKind.Meeting,
            Participants = 5,
            JoinsPerSecond = 5,
            LayerChangesPerSecond = 20,
            WarmUpSeconds = 2,
            Seconds = 3,
            Tracks = [new TrackSettings { Codec = CodecKind.Opus, Bitrate = 32_000, FramesPerSecond = 50 }, new TrackSettings
                { Encodings = [100_000, 250_000, 600_000] }],
        };

        RunResult result = await RunAsync(scenario);

        AssertWhole(result);
        // Of sound alone there is this much; pictures come in between one and three packets a frame.
        Assert.InRange(result.Checked.Received, 5 * 4 * (50 + 30) * 3 / 2, scenario.PacketsPerViewerSecond * 5 * result.Seconds * 1.2);
        Assert.True(result.Checked.LayerChanges > 0, "no layer ever changed");
        Assert.True(result.JoinP50 > 0);
    }

    [Fact]
    public async Task Meeting_whose_people_change_no_layers_gets_the_highest_alone()
    {
        var scenario = new Scenario
        {
            Name = "test",
            Kind = ScenarioKind.Meeting,
            Participants = 3,
            WarmUpSeconds = 3,
            Seconds = 2,
            Tracks = [new TrackSettings { Encodings = [100_000, 250_000, 600_000] }],
        };

        RunResult result = await RunAsync(scenario);

        AssertWhole(result);
        Assert.Equal(0, result.Checked.LayerChanges);
        Assert.InRange(result.PacketsPerSecond, scenario.PacketsPerViewerSecond * 3 / 2, scenario.PacketsPerViewerSecond * 3 * 1.2);
    }

    [Fact]
    public async Task Speakers_of_an_audio_room_are_all_heard_by_all()
    {
        var scenario = new Scenario
        {
            Name = "test",
            Kind = ScenarioKind.Audio,
            Speakers = 2,
            Viewers = 10,
            WarmUpSeconds = 0.5,
            Seconds = 2,
            Tracks = [new TrackSettings { Codec = CodecKind.Opus, Bitrate = 32_000, FramesPerSecond = 50 }],
        };

        RunResult result = await RunAsync(scenario);

        AssertWhole(result);
        Assert.InRange(result.Checked.Received, 2 * 50 * 10 * 2 * 0.8, 2 * 50 * 10 * result.Seconds * 1.2);
    }

    /// <summary>Everything came as it was sent, to all, and nothing is left of them.</summary>
    private static void AssertWhole(RunResult result)
    {
        Assert.Equal(
            (0, 0, 0, 0, 0, 0),
            (result.Checked.Missing, result.Checked.Duplicates, result.Checked.Reordered, result.Checked.Damaged, result.Foreign,
            result.Ended));
        Assert.Null(result.TurnedAway);
        Assert.Equal(0, result.PeersLeft);
    }

    private static async Task<RunResult> RunAsync(Scenario scenario)
    {
        var clock = new MonotonicClock();
        using var dtls = new OpenSslDtlsContext(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
        string configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!;
        string executable = RepositoryFiles.PathOf($"src/MediaGateway.Server/bin/{configuration}/net10.0/mediagateway");
        GatewayServer server =
            await GatewayServer.StartAsync(executable, "gateway", new Dictionary<string, string>(), CancellationToken.None);
        var setup = new PeerSetup(dtls, new SystemEntropy(), clock);
        await using ILoadTarget target = scenario.Kind == ScenarioKind.Livestream ? new PeerTarget(server, setup)
            : new RoomTarget(server, setup);
        return await new LoadRun(target, scenario, clock, new LoopSettings(1), new Silence()).RunAsync(CancellationToken.None);
    }

    private sealed class Silence : IProgressReport
    {
        public void Begin(string phase, int total)
        {
        }

        public void Report(int done)
        {
        }

        public void End()
        {
        }
    }
}
