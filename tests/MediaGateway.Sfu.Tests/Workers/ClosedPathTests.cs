using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>Tests of what a worker does when the datapath reports that a path has closed, as a connection does.</summary>
public sealed class ClosedPathTests : IDisposable
{
    private static readonly NetworkPath Home = SimulatedCall.PathOf(1);

    /// <summary>Another local endpoint of the worker, reached from the same remote address.</summary>
    private static readonly NetworkPath Other = new(new EndpointId(1), Home.Remote);

    private readonly SimulatedCall _call = new();

    [Fact]
    public void Datagrams_of_a_closed_path_are_nobodys()
    {
        (Publisher peer, RemotePeer remote) = _call.OpenPublisher(Home);
        _call.Connect(remote);

        _call.Worker.OnPathClosed(Home, _call.Now);

        Assert.Null(peer.Transport.Ice.SelectedPath);
        _call.Receive(Media(remote), Home);
        Assert.Equal(1, _call.Drops[DropReason.UnknownPeer]);
        Assert.Equal(PeerTransportState.Connected, peer.Transport.State);
    }

    [Fact]
    public void Peer_with_another_path_goes_on_along_it()
    {
        (Publisher peer, RemotePeer remote) = _call.OpenPublisher(Home);
        _call.Connect(remote);
        _call.Receive(remote.CreateCheck(_call.Now), Other);
        Assert.Equal(Home, peer.Transport.Ice.SelectedPath);

        _call.Worker.OnPathClosed(Home, _call.Now);

        Assert.Equal(Other, peer.Transport.Ice.SelectedPath);
        _call.Receive(Media(remote), Other);
        Assert.True(peer.Transport.Rtp.Receivers[0].Encodings[0].HasReceived);
    }

    [Fact]
    public void Check_on_a_new_path_brings_a_peer_back_that_had_none()
    {
        (Publisher peer, RemotePeer remote) = _call.OpenPublisher(Home);
        _call.Connect(remote);
        _call.Worker.OnPathClosed(Home, _call.Now);

        _call.Receive(remote.CreateCheck(_call.Now), Other);

        Assert.Equal(Other, peer.Transport.Ice.SelectedPath);
        Assert.Equal(PeerTransportState.Connected, peer.Transport.State);
    }

    [Fact]
    public void Peer_without_a_path_ends_when_its_consent_runs_out()
    {
        (Publisher peer, RemotePeer remote) = _call.OpenPublisher(Home);
        _call.Connect(remote);
        _call.Worker.OnPathClosed(Home, _call.Now);
        _call.Forget(remote);

        _call.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal([(peer.Id, PeerCloseReason.ConsentExpired)], _call.Events.Closed);
        Assert.Equal(0, _call.Worker.Peers.Count);
    }

    [Fact]
    public void Path_that_nobody_has_proven_may_close()
    {
        _call.Worker.OnPathClosed(Other, _call.Now);
        Assert.Empty(_call.Events.Faults);
    }

    public void Dispose() => _call.Dispose();

    private static byte[] Media(RemotePeer remote) => remote.CreateMedia(RemoteOffer.Audio, RemoteOffer.Opus, 1, 0, [0x78, 1, 2]);
}
