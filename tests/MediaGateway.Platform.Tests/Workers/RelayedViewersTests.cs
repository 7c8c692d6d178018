using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Loopback;

namespace MediaGateway.Platform.Tests.Workers;

/// <summary>Two workers with their own threads and sockets, a stream on one and viewers on both.</summary>
public sealed class RelayedViewersTests
{
    private const int Comings = 12;

    [Fact]
    public void Viewers_that_come_and_go_on_another_worker_see_all_of_it_and_disturb_nobody()
    {
        using var gateway = new LoopbackGateway(DatapathEngine.Automatic, workers: 2);
        using var publisher = LoopbackPeer.Publish(gateway, "stream");
        using var home = LoopbackPeer.Watch(gateway, "stream");
        LoopbackPeer.Connect(gateway, publisher, home);
        long number = 0;
        for (int i = 0; i < Comings; i++)
        {
            // Every other time one stays while the next comes, so that the relay ends and begins again only now and then.
            using LoopbackPeer away = LoopbackPeer.Watch(gateway, "stream", worker: 1),
                next = LoopbackPeer.Watch(gateway, "stream", worker: i % 2);
            SendUntil(() => away.PacketsReceived >= 20 && next.PacketsReceived >= 20, publisher, home, away, next);
            foreach (LoopbackPeer viewer in (LoopbackPeer[])[away, next])
            {
                Assert.Equal(0, viewer.PacketsWrong);
                Assert.Equal(viewer.HighestNumber - viewer.FirstNumber + 1, viewer.PacketsReceived);
            }
            away.Transport.Close(PeerCloseReason.ClosedByPeer, gateway.Clock.Now);
            next.Transport.Close(PeerCloseReason.ClosedByPeer, gateway.Clock.Now);
            away.Turn();
            next.Turn();
        }
        LoopbackPeer.RunUntil(() => gateway.Invoke(1, (worker, _) => worker.Peers.Count + worker.Mirrors.All.Count) == 0, publisher, home);
        LoopbackPeer.RunUntil(() => gateway.Invoke((worker, _) => worker.LiveStreams.Find("stream")!.ViewerCount) == 1, publisher, home);
        LoopbackPeer.RunUntil(() => home.HighestNumber == number - 1, publisher, home);

        Assert.Equal(0, home.PacketsWrong);
        Assert.Equal(number - home.FirstNumber, home.PacketsReceived);
        Assert.Equal(0, gateway.Drops[DropReason.RelayFull]);
        Assert.Empty(gateway.Faults);

        // One frame under way at a time, on every leg of it: no socket's buffer and no ring overflows, however the threads run.
        void SendUntil(Func<bool> condition, params LoopbackPeer[] peers) => LoopbackPeer.RunUntil(
            () =>
            {
                if (peers.All(HasAll) && gateway.RelayOf(1).PacketsReceived == gateway.RelayOf(0).PacketsSent
                    && publisher.TryWriteFrame(number))
                    number++;
                return condition();
            },
            peers);

        bool HasAll(LoopbackPeer peer) => peer == home ? peer.HighestNumber == number - 1 : peer.PacketsReceived == 0
            || peer.HighestNumber == number - 1;
    }
}
