using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>Tests of what an attacker may send to a worker's port: it changes nothing.</summary>
public sealed class WorkerSecurityTests : IDisposable
{
    private static readonly NetworkPath Home = SimulatedCall.PathOf(1);
    private static readonly NetworkPath Attacker = SimulatedCall.PathOf(66);

    // A VP8 key frame: payload descriptor, frame tag, start code, size (RFC 7741 section 4.2, RFC 6386 section 9.1).
    private static readonly byte[] KeyFrame = [0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00];

    private readonly SimulatedCall _call = new();

    [Fact]
    public void Client_hello_before_any_check_moves_nothing()
    {
        (Publisher publisher, RemotePeer remote) = _call.OpenPublisher(Home);
        remote.StartDtls(_call.Now);
        Assert.True(remote.TryTakeOutgoing(out byte[]? clientHello));

        _call.Receive(clientHello!, Home);
        _call.Receive(clientHello!, Attacker);

        Assert.Equal(2, _call.Drops[DropReason.UnknownPeer]);
        Assert.Equal(PeerTransportState.New, publisher.Transport.State);
        Assert.Equal(0, _call.Sent.Total);
    }

    [Fact]
    public void Candidate_that_a_peer_names_is_never_sent_to()
    {
        (Publisher publisher, RemotePeer _) = _call.OpenPublisher(Home);
        publisher.Transport.Ice.AddRemoteCandidate(IceCandidate.Host(Attacker.Remote));
        _call.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, _call.Sent.Total);
        Assert.Equal(PeerCloseReason.IceTimeout, publisher.Transport.CloseReason);
    }

    [Fact]
    public void Client_hello_from_an_unproven_path_does_not_win_the_race()
    {
        (Publisher publisher, RemotePeer remote) = _call.OpenPublisher(Home);
        _call.Check(remote);
        long sent = _call.Sent.Total;
        remote.StartDtls(_call.Now);
        Assert.True(remote.TryTakeOutgoing(out byte[]? clientHello));

        _call.Receive(clientHello!, Attacker);

        Assert.Equal(1, _call.Drops[DropReason.UnknownPeer]);
        Assert.Equal(sent, _call.Sent.Total);
        Assert.Equal(PeerTransportState.Connecting, publisher.Transport.State);

        _call.Receive(clientHello!, Home);

        Assert.Equal(PeerTransportState.Connected, publisher.Transport.State);
        Assert.Equal(Home, publisher.Transport.Ice.SelectedPath);
    }

    [Fact]
    public void Dtls_on_a_path_that_ice_has_not_proven_is_dropped_by_the_transport_too()
    {
        (Publisher publisher, RemotePeer remote) = _call.OpenPublisher(Home);
        _call.Check(remote);
        remote.StartDtls(_call.Now);
        Assert.True(remote.TryTakeOutgoing(out byte[]? clientHello));
        long sent = _call.Sent.Total;

        publisher.Transport.OnDatagram(clientHello, DatagramKind.Dtls, Attacker, _call.Now);

        Assert.Equal(1, _call.Drops[DropReason.DtlsBeforeIce]);
        Assert.Equal(sent, _call.Sent.Total);
    }

    [Fact]
    public void Certificate_that_the_offer_did_not_promise_closes_the_peer_and_brings_no_media()
    {
        (Publisher publisher, RemotePeer remote) = _call.OpenPublisher(Home, promised: CertificateFingerprint.Of("another"u8));

        _call.Connect(remote);

        Assert.Equal(PeerCloseReason.FingerprintMismatch, publisher.Transport.CloseReason);
        Assert.Equal([(publisher.Id, PeerCloseReason.FingerprintMismatch)], _call.Events.Closed);
        Assert.Empty(_call.Events.Connected);
        Assert.Equal(0, _call.Worker.Peers.Count);
        Assert.NotNull(remote.Handshake); // it has keys, and they are worth nothing
        _call.Receive(remote.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, 1, 0, KeyFrame), Home);
        Assert.Equal(1, _call.Drops[DropReason.UnknownPeer]);
    }

    [Fact]
    public void Forged_media_changes_no_state_and_the_genuine_packet_passes()
    {
        (RemotePeer publisher, RemotePeer viewer, Publisher peer) = Connected();
        byte[] genuine = publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, 1, 0, KeyFrame);
        byte[] forged = [.. genuine];
        forged[^1] ^= 1;

        for (int i = 0; i < 100; i++)
            _call.Receive(forged, Home);

        Assert.Equal(100, _call.Drops[DropReason.AuthFailed]);
        Assert.Empty(viewer.Media);
        Assert.False(peer.Transport.Rtp.Receivers[1].Encodings[0].HasReceived);
        Assert.Equal(PeerTransportState.Connected, peer.Transport.State);

        _call.Receive(genuine, Home);

        Assert.Single(viewer.Media);
    }

    [Fact]
    public void Media_from_an_unproven_path_is_dropped_and_attracts_nothing()
    {
        (RemotePeer publisher, RemotePeer viewer, Publisher peer) = Connected();

        _call.Receive(publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, 1, 0, KeyFrame), Attacker);

        Assert.Equal(1, _call.Drops[DropReason.UnknownPeer]);
        Assert.Empty(viewer.Media);
        Assert.Equal(Home, peer.Transport.Ice.SelectedPath);
        _call.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(_call.Stray);
    }

    [Fact]
    public void Replayed_media_and_feedback_is_dropped()
    {
        (RemotePeer publisher, RemotePeer viewer, _) = Connected();
        byte[] packet = publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, 1, 0, KeyFrame);
        byte[] report = publisher.ProtectRtcp([0x80, 201, 0, 1, 0, 0, 0, 9]);

        for (int i = 0; i < 3; i++)
        {
            _call.Receive(packet, Home);
            _call.Receive(report, Home);
        }

        Assert.Equal(4, _call.Drops[DropReason.Replay]);
        Assert.Single(viewer.Media);
    }

    [Fact]
    public void Check_without_integrity_is_not_answered()
    {
        (Publisher publisher, RemotePeer remote) = _call.OpenPublisher(Home);
        _call.Receive(remote.CreateUnsignedCheck(), Attacker);

        Assert.Equal(1, _call.Drops[DropReason.StunBadIntegrity]);
        Assert.Equal(0, _call.Sent.Total);
        Assert.Null(publisher.Transport.Ice.SelectedPath);
        Assert.Equal(PeerTransportState.New, publisher.Transport.State);
    }

    [Fact]
    public void Check_for_an_unknown_fragment_is_not_answered()
    {
        (_, RemotePeer remote) = _call.OpenPublisher(Home);
        byte[] buffer = new byte[TestIceClient.MaxCheckLength];
        IceCredentials stranger = remote.GatewayCredentials! with { UsernameFragment = "nobodyIsHere" };
        int length = remote.Ice!.WriteCheckAs(buffer, remote.Credentials, stranger, nominate: true);

        _call.Receive(buffer[..length], Attacker);

        Assert.Equal(1, _call.Drops[DropReason.StunUnknownUsername]);
        Assert.Equal(0, _call.Sent.Total);
    }

    [Fact]
    public void Answer_to_a_check_is_no_longer_than_the_check()
    {
        (_, RemotePeer remote) = _call.OpenPublisher(Home);
        byte[] check = remote.CreateCheck(_call.Now);

        _call.Worker.OnDatagram([.. check], Home, _call.Now);

        Assert.True(_call.Sent.TryTake(out (NetworkPath Path, byte[] Bytes) answer));
        Assert.InRange(answer.Bytes.Length, 1, check.Length);
        Assert.False(_call.Sent.TryTake(out _));
    }

    [Fact]
    public void Captured_check_sent_from_elsewhere_moves_no_path()
    {
        (RemotePeer publisher, _, Publisher peer) = Connected();
        byte[] captured = publisher.CreateCheck(_call.Now);
        _call.Receive(captured, Home);

        _call.Receive(captured, Attacker);

        Assert.Equal(1, _call.Drops[DropReason.Replay]);
        Assert.Equal(Home, peer.Transport.Ice.SelectedPath);
        Assert.Empty(_call.Stray);
    }

    [Fact]
    public void Any_number_of_bad_datagrams_ends_no_call()
    {
        (_, _, Publisher peer) = Connected();
        var random = new Random(20261122);
        for (int i = 0; i < 10_000; i++)
        {
            byte[] datagram = new byte[random.Next(0, 200)];
            random.NextBytes(datagram);
            _call.Receive(datagram, (i & 1) == 0 ? Home : Attacker);
        }

        Assert.Equal(PeerTransportState.Connected, peer.Transport.State);
        Assert.Equal(2, _call.Worker.Peers.Count);
        Assert.Empty(_call.Events.Closed);
        Assert.Empty(_call.Stray);
    }

    public void Dispose() => _call.Dispose();

    private (RemotePeer Publisher, RemotePeer Viewer, Publisher Peer) Connected()
    {
        (Publisher peer, RemotePeer publisher) = _call.OpenPublisher(Home);
        _call.Connect(publisher);
        (_, RemotePeer viewer) = _call.OpenViewer(SimulatedCall.PathOf(2));
        _call.Connect(viewer);
        return (publisher, viewer, peer);
    }
}
