using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>However a peer ends, the same happens, once: it is out of the tables and its stream, and one event says so.</summary>
public sealed class PeerEndTests : IDisposable
{
    private readonly SimulatedCall _call = new();

    public static TheoryData<string> Ends => ["closed", "consent", "fault", "stream deleted", "drained"];

    [Theory]
    [MemberData(nameof(Ends))]
    public void Viewer_leaves_its_stream_and_the_worker(string end)
    {
        (Viewer viewer, RemotePeer remote) = _call.OpenViewer(SimulatedCall.PathOf(1));
        _call.Connect(remote);

        End(viewer, remote, end);

        AssertEnded(viewer);
        Assert.Empty(_call.Worker.LiveStreams.All);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Publisher_leaves_its_stream_and_the_worker(string end)
    {
        (Publisher publisher, RemotePeer remote) = _call.OpenPublisher(SimulatedCall.PathOf(1));
        _call.Connect(remote);

        End(publisher, remote, end);

        AssertEnded(publisher);
        Assert.Empty(_call.Worker.LiveStreams.All);
    }

    [Fact]
    public void Half_open_peer_is_counted_until_it_ends()
    {
        (Viewer viewer, _) = _call.OpenViewer(SimulatedCall.PathOf(1));
        Assert.Equal(1, _call.Worker.Peers.HalfOpenCount);

        _call.Worker.Peers.Close(viewer.Id, PeerCloseReason.ClosedByClient, _call.Now);

        Assert.Equal(0, _call.Worker.Peers.HalfOpenCount);
        AssertEnded(viewer);
    }

    public void Dispose() => _call.Dispose();

    private void End(Peer peer, RemotePeer remote, string end)
    {
        switch (end)
        {
            case "closed":
                Assert.True(_call.Worker.Peers.Close(peer.Id, PeerCloseReason.ClosedByClient, _call.Now));
                break;
            case "consent":
                _call.Forget(remote);
                _call.Advance(TimeSpan.FromSeconds(60));
                break;
            case "fault":
                _call.Worker.Peers.OnPeerFault(peer, new InvalidOperationException("bug"), _call.Now);
                Assert.Single(_call.Events.Faults);
                break;
            case "stream deleted":
                _call.Worker.LiveStreams.Delete(_call.Worker.LiveStreams.Find(SimulatedCall.StreamName)!, _call.Now);
                break;
            case "drained":
                _call.Worker.Drain(_call.Now);
                break;
        }
    }

    private void AssertEnded(Peer peer)
    {
        Assert.Equal(peer.Id, Assert.Single(_call.Events.Closed).Peer);
        Assert.Null(_call.Worker.Peers.Find(peer.Id));
        Assert.Equal(0, _call.Worker.Peers.Count);
        Assert.False(_call.Worker.Peers.Close(peer.Id, PeerCloseReason.ClosedByClient, _call.Now));
        Assert.Single(_call.Events.Closed);
    }
}
