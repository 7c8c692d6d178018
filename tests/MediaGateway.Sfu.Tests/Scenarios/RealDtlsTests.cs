using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>The same scenarios over OpenSSL's DTLS instead of the simulated one.</summary>
public sealed class RealDtlsTests
{
    private static readonly LinkConditions Lossy = new()
    { Loss = 0.1, Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(5) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Viewers_get_the_stream_over_openssl(int seed)
    {
        using var scenario = new LiveStreamScenario(seed, dtls: CreateContext());
        scenario.Publish();
        TestViewer viewer = scenario.Watch();
        scenario.Run(3);

        Assert.Equal(PeerTransportState.Connected, viewer.State);
        LiveStreamScenario.AssertContinuous(viewer);
        LiveStreamScenario.AssertNoHoles(viewer);
    }

    [Fact]
    public void Handshakes_complete_at_ten_percent_loss()
    {
        // Other versions run their retransmission on the wall clock, which virtual time overtakes.
        if (OpenSslRuntime.Version is not { Major: 3, Minor: 0 })
            return;
        for (int seed = 0; seed < 20; seed++)
        {
            using var scenario = new LiveStreamScenario(seed, Lossy, CreateContext());
            scenario.Publish();
            TestViewer viewer = scenario.Watch();
            scenario.RunUntil(() => viewer.Video.Count > 100, limit: 20);
        }
    }

    private static OpenSslDtlsContext CreateContext() => new(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
}
