using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Tests.Rooms;
using MediaGateway.TestClient;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>A worker that does not get to run for a while, as with SIGSTOP, a suspended machine or a starved one.</summary>
public sealed class StandstillTests
{
    /// <summary>Clients that go on sending and checking while nothing answers, as those do whose application restarts ICE later.</summary>
    private static readonly IceOptions Patient = ClientPeerOptions.OnePathIce with { ConsentTimeout = TimeSpan.FromMinutes(5) };

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(100)]
    public void Peers_that_are_still_there_go_on_however_long_it_took(int seconds)
    {
        using var call = new Call(seed: 1);
        call.Scenario.Run(5);
        call.StandStill(seconds);
        MonotonicTime resumed = call.Scenario.Network.Now;
        call.Scenario.Run(40);

        Assert.Empty(call.Scenario.Gateway.Closed);
        Assert.InRange(call.Scenario.Gateway.Worker.StandstillTime.TotalSeconds, seconds - 1, seconds);
        LiveStreamScenario.AssertContinuous(call.Viewer);
        Assert.InRange((FirstAfter(resumed) - resumed).TotalMilliseconds, 0, 500);
        Assert.InRange(call.Viewer.Video.Values.Count(packet => packet.Arrival > resumed), 35 * 25, int.MaxValue);

        MonotonicTime FirstAfter(MonotonicTime time) => call.Viewer.Video.Values.First(packet => packet.Arrival > time).Arrival;
    }

    [Fact]
    public void Peer_that_has_gone_meanwhile_has_no_more_time_than_it_had_left()
    {
        using var call = new Call(seed: 2);
        call.Scenario.Run(5);
        call.Scenario.Network.Remove(call.ViewerHost);
        call.Scenario.Run(15);
        call.StandStill(60);
        call.Scenario.Run(8);
        Assert.Empty(call.Scenario.Gateway.Closed);
        call.Scenario.Run(8);

        Assert.Equal([(call.ViewerId, PeerCloseReason.ConsentExpired)],
            call.Scenario.Gateway.Closed.Select(closed => (closed.Key, closed.Value)));
    }

    [Fact]
    public void Worker_that_stands_still_again_and_again_keeps_nobody_who_has_gone()
    {
        using var call = new Call(seed: 3);
        call.Scenario.Run(5);
        call.Scenario.Network.Remove(call.ViewerHost);
        for (int i = 0; i < 7; i++)
        {
            call.StandStill(10);
            call.Scenario.Run(5);
        }

        Assert.Equal([call.ViewerId], call.Scenario.Gateway.Closed.Keys);
    }

    [Fact]
    public void Turn_that_was_due_late_is_no_standstill()
    {
        using var call = new Call(seed: 4);
        call.Scenario.Run(1);
        call.StandStill(1.5);
        call.Scenario.Run(1);
        call.Publisher.Close(call.Scenario.Network.Now);
        call.Viewer.Close(call.Scenario.Network.Now);
        call.Scenario.Run(60);

        Assert.Equal(TimeSpan.Zero, call.Scenario.Gateway.Worker.StandstillTime);
    }

    [Fact]
    public void Participant_without_signaling_may_resume_afterwards_and_has_the_rest_of_its_time()
    {
        using var meeting = new TestMeeting(seed: 5);
        TestParticipant a = meeting.Join("a");
        meeting.Expect(() => a.Up.IsConnected);
        meeting.RunSoundly(1);
        a.CutSignal();
        meeting.RunSoundly(20);
        StandStill(meeting, 25);
        meeting.RunSoundly(35);
        Assert.False(a.Remote!.IsClosed);

        meeting.ExpectEnd(a, DisconnectReason.SignalClose, limit: 10);
    }

    [Fact]
    public void Participant_that_has_not_connected_has_the_rest_of_its_time()
    {
        using var meeting = new TestMeeting(seed: 6) { SignalDelay = TimeSpan.FromSeconds(200) };
        TestParticipant a = meeting.Join("a");
        meeting.RunSoundly(30);
        StandStill(meeting, 40);
        meeting.RunSoundly(25);
        Assert.False(a.Remote!.IsClosed);

        meeting.ExpectEnd(a, DisconnectReason.JoinFailure, limit: 10);
    }

    private static void StandStill(TestMeeting meeting, double seconds)
    {
        meeting.Gateway.Host.IsStalled = true;
        meeting.RunSoundly(seconds);
        meeting.Gateway.Host.IsStalled = false;
    }

    /// <summary>A publisher and a viewer who are patient.</summary>
    private sealed class Call : IDisposable
    {
        public Call(int seed)
        {
            Scenario = new LiveStreamScenario(seed);
            SimulatedHost host = Scenario.Gateway.AddHost();
            Publisher = new TestPublisher(host, Scenario.Gateway.Dtls, Scenario.Gateway.Entropy, ice: Patient);
            Scenario.Gateway.Publish(LiveStreamScenario.Stream, Publisher, host);
            ViewerHost = Scenario.Gateway.AddHost();
            Viewer = new TestViewer(ViewerHost, Scenario.Gateway.Dtls, Scenario.Gateway.Entropy, ice: Patient);
            (_, ViewerId) = Scenario.Gateway.Watch(LiveStreamScenario.Stream, Viewer, ViewerHost);
        }

        public LiveStreamScenario Scenario { get; }

        public TestPublisher Publisher { get; }

        public TestViewer Viewer { get; }

        public PeerId ViewerId { get; }

        public SimulatedHost ViewerHost { get; }

        public void StandStill(double seconds)
        {
            Scenario.Gateway.Host.IsStalled = true;
            Scenario.Run(seconds);
            Scenario.Gateway.Host.IsStalled = false;
        }

        public void Dispose()
        {
            Publisher.Dispose();
            Viewer.Dispose();
            Scenario.Dispose();
        }
    }
}
