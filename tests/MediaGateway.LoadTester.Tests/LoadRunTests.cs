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

/// <summary>Short runs against the gateway's executable, over HTTP and real sockets: everything is there, and every packet is checked.</summary>
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
            Tracks = [new TrackSettings { Codec = codec, Bitrate = 500_000 }, new TrackSettings { Codec = CodecKind.Opus, Bitrate = 48_000, FramesPerSecond = 50 }],
        };

        RunResult result = await RunAsync(scenario);

        Assert.Equal((0, 0, 0, 0, 0), (result.Checked.Missing, result.Checked.Duplicates, result.Checked.Damaged, result.Foreign, result.Ended));
        Assert.Equal(0, result.PeersLeft);
        // Slow machines send late, but no viewer is owed less than half.
        Assert.InRange(result.Checked.Received, scenario.PacketsPerViewerSecond * 6 * 2 / 2, scenario.PacketsPerViewerSecond * 7 * result.Seconds * 1.2);
        Assert.True(result.LatencyP50 > 0 && result.CpuPerPacket > 0 && result.MemoryPerViewer > 0);
    }

    private static async Task<RunResult> RunAsync(Scenario scenario)
    {
        var clock = new MonotonicClock();
        using var dtls = new OpenSslDtlsContext(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
        string configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!;
        string executable = RepositoryFiles.PathOf($"src/MediaGateway.Server/bin/{configuration}/net10.0/mediagateway");
        GatewayServer server = await GatewayServer.StartAsync(executable, "gateway", new Dictionary<string, string>(), CancellationToken.None);
        await using var target = new PeerTarget(server, new PeerSetup(dtls, new SystemEntropy(), clock));
        return await new LoadRun(target, scenario, clock, loopCount: 1, new Silence()).RunAsync(CancellationToken.None);
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
