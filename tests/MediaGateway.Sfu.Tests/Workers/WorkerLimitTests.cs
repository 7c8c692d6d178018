using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>Tests of what a flood may cost a worker.</summary>
public sealed class WorkerLimitTests
{
    private static readonly NetworkPath Home = SimulatedCall.PathOf(1);

    [Fact]
    public void Half_open_peers_are_capped_and_connected_ones_are_none()
    {
        using var call = new SimulatedCall(options: new MediaWorkerOptions { MaxHalfOpenPeers = 2 });
        (_, RemotePeer publisher) = call.OpenPublisher(Home);
        call.Connect(publisher);
        call.OpenViewer(SimulatedCall.PathOf(2));
        (_, RemotePeer second) = call.OpenViewer(SimulatedCall.PathOf(3));

        Assert.Equal(OpenResult.TooManyHalfOpenPeers, Refused(call, 4));
        Assert.Equal(3, call.Worker.Peers.Count);

        call.Connect(second);

        Assert.Equal(OpenResult.Opened, call.TryOpenViewer(SimulatedCall.PathOf(5), out _, out _));
    }

    [Fact]
    public void Peer_that_never_checks_gives_its_place_back()
    {
        using var call = new SimulatedCall(options: new MediaWorkerOptions { MaxHalfOpenPeers = 1 });
        (Viewer viewer, _) = call.OpenViewer(Home);

        call.Advance(IceOptions.Default.ConnectTimeout + TimeSpan.FromSeconds(1));

        Assert.Equal([(viewer.Id, PeerCloseReason.IceTimeout)], call.Events.Closed);
        Assert.Equal(0, call.Worker.Peers.HalfOpenCount);
    }

    [Fact]
    public void Peer_that_never_begins_its_handshake_gives_its_place_back()
    {
        using var call = new SimulatedCall();
        (Viewer viewer, RemotePeer remote) = call.OpenViewer(Home);
        call.Check(remote);

        call.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal([(viewer.Id, PeerCloseReason.DtlsTimeout)], call.Events.Closed);
    }

    [Fact]
    public void Peers_are_capped()
    {
        using var call = new SimulatedCall(options: new MediaWorkerOptions { MaxPeers = 2 });
        call.OpenPublisher(Home);
        call.OpenViewer(SimulatedCall.PathOf(2));

        Assert.Equal(OpenResult.TooManyPeers, Refused(call, 3));
    }

    [Fact]
    public void Viewers_of_a_stream_are_capped()
    {
        using var call = new SimulatedCall(options: new MediaWorkerOptions { MaxViewersPerStream = 1 });
        call.OpenViewer(Home);

        Assert.Equal(OpenResult.TooManyViewers, Refused(call, 2));
        Assert.Equal(1, call.Worker.Peers.Count);
    }

    [Fact]
    public void Flood_of_checks_from_an_unproven_path_is_limited_and_does_not_touch_a_proven_one()
    {
        const int Rate = 50;
        using var call = new SimulatedCall(options: new MediaWorkerOptions { UnprovenChecksPerSecond = Rate });
        (_, RemotePeer remote) = call.OpenPublisher(Home);
        call.Connect(remote);
        NetworkPath attacker = SimulatedCall.PathOf(66);
        // Good checks even, so that only the limit can stop them: each costs a hash.
        byte[][] checks = [.. Enumerable.Range(0, 4 * Rate).Select(_ => FreshCheck(call, remote))];

        foreach (byte[] check in checks)
            call.Receive([.. check[..^1], (byte)(check[^1] ^ 1)], attacker);

        Assert.Equal(Rate, call.Drops[DropReason.StunBadFingerprint]);
        Assert.Equal(3 * Rate, call.Drops[DropReason.RateLimited]);

        for (int i = 0; i < 2 * Rate; i++)
            call.Check(remote);
        Assert.Equal(3 * Rate, call.Drops[DropReason.RateLimited]);

        call.Advance(TimeSpan.FromSeconds(1));
        call.Receive([.. checks[0][..^1], (byte)(checks[0][^1] ^ 1)], attacker);
        Assert.Equal(3 * Rate, call.Drops[DropReason.RateLimited]);
    }

    private static OpenResult Refused(SimulatedCall call, int path)
    {
        OpenResult result = call.TryOpenViewer(SimulatedCall.PathOf(path), out Viewer viewer, out _);
        viewer.Transport.Dispose();
        return result;
    }

    private static byte[] FreshCheck(SimulatedCall call, RemotePeer remote)
    {
        call.Check(remote);
        return remote.CreateCheck(call.Now);
    }
}
