using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

public sealed class PreferenceTests
{
    [Fact]
    public void Paused_subscription_is_silent_at_once_and_goes_on_with_a_key_frame()
    {
        using var scenario = new LiveStreamScenario(seed: 31);
        TestPublisher publisher = scenario.Publish();
        TestViewer viewer = scenario.Watch();
        Subscription video = VideoOf(scenario);
        scenario.Run(2);
        video.SetLimit(new LayerLimit(MaxLayers.None, LimitCause.Wish), scenario.Network.Now);
        scenario.Run(0.2);
        int paused = viewer.Video.Count, keyFrames = publisher.KeyFramesSent;
        scenario.Run(2);
        Assert.Equal(paused, viewer.Video.Count);
        Assert.Null(video.Layers);
        video.SetLimit(new LayerLimit(MaxLayers.All, LimitCause.Wish), scenario.Network.Now);
        scenario.Run(1);

        Assert.True(viewer.Video.Values.ElementAt(paused).Payload is { IsKey: true, Packet: 0 });
        Assert.Equal(keyFrames + 1, publisher.KeyFramesSent);
        Assert.True(viewer.Video.Count > paused + 100);
        Assert.Equal(new LayerState(0, 0), video.Layers);
        LiveStreamScenario.AssertNoHoles(viewer);
    }

    [Fact]
    public void Muted_publication_is_not_forwarded()
    {
        using var scenario = new LiveStreamScenario(seed: 32);
        scenario.Publish();
        TestViewer viewer = scenario.Watch();
        Publication publication = VideoOf(scenario).Source!;
        scenario.Run(2);
        publication.SetMuted(true);
        scenario.Run(0.2);
        int muted = viewer.Video.Count;
        scenario.Run(1);
        Assert.Equal(muted, viewer.Video.Count);
        Assert.True(publication.IsActive(scenario.Network.Now));
        publication.SetMuted(false);
        scenario.Run(1);

        Assert.True(viewer.Video.Values.ElementAt(muted).Payload is { IsKey: true, Packet: 0 });
        LiveStreamScenario.AssertNoHoles(viewer);
    }

    private static Subscription VideoOf(LiveStreamScenario scenario)
    {
        scenario.Run(0.5);
        var viewer = (Viewer)scenario.Gateway.Worker.Peers.Find(scenario.LastId)!;
        return viewer.Subscriptions.First(subscription => subscription.Kind == Rtc.Primitives.MediaKind.Video);
    }
}
