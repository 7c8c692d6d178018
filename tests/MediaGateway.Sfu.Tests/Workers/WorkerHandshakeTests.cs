using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>A crowd that joins: its handshakes wait for media, for their turn, and for nobody else.</summary>
public sealed class WorkerHandshakeTests
{
    private const int Crowd = 9;

    /// <summary>
    /// First byte of the tests' handshake datagrams, whose contents nobody reads: type, number of the peer, number of the datagram.
    /// </summary>
    private const byte Handshake = 22;

    private static readonly byte[] KeyFrame = [0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00, .. new byte[500]];

    [Fact]
    public void Media_of_a_batch_is_on_its_way_before_the_handshakes_that_came_with_it()
    {
        using var call = new SimulatedCall();
        (_, RemotePeer publisher) = call.OpenPublisher(SimulatedCall.PathOf(1));
        call.Connect(publisher);
        (_, RemotePeer watching) = call.OpenViewer(SimulatedCall.PathOf(2));
        call.Connect(watching);
        RemotePeer[] crowd = OpenCrowd(call);
        Take(call);

        foreach (RemotePeer viewer in crowd)
            call.Worker.OnDatagram(ClientHelloOf(viewer, call.Now), viewer.Path, call.Now);
        call.Worker.OnDatagram(publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, 1, 0, KeyFrame), publisher.Path, call.Now);
        Assert.Empty(Take(call));
        long before = call.Sent.Total;
        MonotonicTime next = call.Worker.OnTick(call.Now);

        List<(NetworkPath Path, byte[] Bytes)> sent = Take(call);
        Assert.Equal(watching.Path, sent[0].Path);
        Assert.Equal(crowd.Take(2).Select(viewer => viewer.Path), sent.Skip(1).Select(datagram => datagram.Path));
        Assert.Equal(before + 1, call.Sent.TotalAtFlush);
        Assert.Equal(call.Now, next);
    }

    [Fact]
    public void Worker_comes_back_at_once_until_nobody_waits()
    {
        using var call = new SimulatedCall();
        RemotePeer[] crowd = OpenCrowd(call);
        foreach (RemotePeer viewer in crowd)
            call.Worker.OnDatagram(ClientHelloOf(viewer, call.Now), viewer.Path, call.Now);
        Take(call);

        List<NetworkPath> answered = [];
        int ticks = 0;
        MonotonicTime next;
        do
        {
            next = call.Worker.OnTick(call.Now);
            answered.AddRange(Take(call).Select(sent => sent.Path));
            ticks++;
        }
        while (next <= call.Now);

        Assert.Equal((Crowd + 1) / 2, ticks);
        Assert.Equal(crowd.Select(viewer => viewer.Path), answered);
    }

    [Fact]
    public void Crowd_that_comes_at_once_connects()
    {
        using var call = new SimulatedCall();
        RemotePeer[] crowd = OpenCrowd(call);
        foreach (RemotePeer viewer in crowd)
            viewer.StartDtls(call.Now);

        call.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(Crowd, call.Events.Connected.Count);
        Assert.Equal(0, call.Worker.Peers.HalfOpenCount);
    }

    [Fact]
    public void Peers_take_turns_and_each_peers_datagrams_stay_in_order()
    {
        using var dtls = new RecordedDtlsContext();
        using var call = new SimulatedCall(dtls: (dtls, dtls));
        RemotePeer[] crowd = OpenCrowd(call, 3);

        SendHandshakes(call, crowd, 0, 3);
        SendHandshakes(call, crowd, 1, 2);
        SendHandshakes(call, crowd, 2, 1);
        TickUntilIdle(call);

        Assert.Equal([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (0, 2)],
            dtls.Received.Select(datagram => ((int)datagram[1], (int)datagram[2])));
    }

    [Fact]
    public void Flood_of_one_peer_takes_its_own_places_and_holds_nobody_up()
    {
        const int Flood = 500;
        using var dtls = new RecordedDtlsContext();
        using var call = new SimulatedCall(dtls: (dtls, dtls));
        RemotePeer[] crowd = OpenCrowd(call, 2);

        SendHandshakes(call, crowd, 0, Flood);
        SendHandshakes(call, crowd, 1, 1);
        call.Worker.OnTick(call.Now);

        Assert.Equal(Flood - HandshakeQueue.MaxPerPeer, call.Drops[DropReason.HandshakeQueueFull]);
        Assert.Equal([0, 1], dtls.Received.Select(datagram => (int)datagram[1]));
        TickUntilIdle(call);
        Assert.Equal(HandshakeQueue.MaxPerPeer + 1, dtls.Received.Count);
    }

    [Fact]
    public void Many_floods_leave_room_for_a_first_datagram_of_others()
    {
        const int Attackers = HandshakeQueue.SharedCapacity / HandshakeQueue.MaxPerPeer + 10;
        using var dtls = new RecordedDtlsContext();
        using var call = new SimulatedCall(dtls: (dtls, dtls));
        RemotePeer[] crowd = OpenCrowd(call, Attackers + 1);

        for (int attacker = 0; attacker < Attackers; attacker++)
            SendHandshakes(call, crowd, attacker, HandshakeQueue.MaxPerPeer);
        long refused = call.Drops[DropReason.HandshakeQueueFull];
        SendHandshakes(call, crowd, Attackers, 2);

        Assert.True(refused > 0);
        Assert.Equal(refused + 1, call.Drops[DropReason.HandshakeQueueFull]);
        TickUntilIdle(call);
        Assert.Equal([0], dtls.Received.Where(datagram => datagram[1] == (byte)Attackers).Select(datagram => (int)datagram[2]).Take(1));
    }

    [Fact]
    public void Peer_that_ends_leaves_nothing_behind()
    {
        using var dtls = new RecordedDtlsContext();
        using var call = new SimulatedCall(dtls: (dtls, dtls));
        (Viewer leaving, RemotePeer gone) = call.OpenViewer(SimulatedCall.PathOf(1));
        (_, RemotePeer staying) = call.OpenViewer(SimulatedCall.PathOf(2));
        call.Check(gone);
        call.Check(staying);

        SendHandshakes(call, [gone, staying], 0, 4);
        SendHandshakes(call, [gone, staying], 1, 2);
        call.Worker.Peers.Close(leaving.Id, PeerCloseReason.ClosedByPeer, call.Now);
        TickUntilIdle(call);

        Assert.Equal([(1, 0), (1, 1)], dtls.Received.Select(datagram => ((int)datagram[1], (int)datagram[2])));
        Assert.Equal(0, leaving.HandshakeBacklog.Count);
        Assert.Null(leaving.HandshakeBacklog.Next);
    }

    [Fact]
    public void Message_that_waits_already_is_not_kept_twice()
    {
        using var dtls = new RecordedDtlsContext();
        using var call = new SimulatedCall(dtls: (dtls, dtls));
        RemotePeer viewer = OpenCrowd(call, 1)[0];

        call.Worker.OnDatagram(Record(number: 0, content: 1), viewer.Path, call.Now);
        call.Worker.OnDatagram(Record(number: 1, content: 1), viewer.Path, call.Now);
        call.Worker.OnDatagram(Record(number: 2, content: 2), viewer.Path, call.Now);
        Assert.Equal(1, call.Drops[DropReason.DuplicateOrOld]);
        TickUntilIdle(call);
        call.Worker.OnDatagram(Record(number: 3, content: 1), viewer.Path, call.Now);
        TickUntilIdle(call);

        Assert.Equal([0, 2, 3], dtls.Received.Select(datagram => (int)datagram[10]));
    }

    [Fact]
    public void Handshake_from_an_unproven_path_does_not_wait()
    {
        using var dtls = new RecordedDtlsContext();
        using var call = new SimulatedCall(dtls: (dtls, dtls));
        OpenCrowd(call, 1);

        call.Worker.OnDatagram(Record(number: 0, content: 1), SimulatedCall.PathOf(99), call.Now);

        Assert.Equal(1, call.Drops[DropReason.UnknownPeer]);
        Assert.True(call.Worker.OnTick(call.Now) > call.Now);
        Assert.Empty(dtls.Received);
    }

    [Fact]
    public void Connected_peers_records_do_not_wait()
    {
        using var call = new SimulatedCall();
        (Viewer viewer, RemotePeer remote) = call.OpenViewer(SimulatedCall.PathOf(1));
        call.Connect(remote);

        remote.CloseDtls(call.Now);
        Assert.True(remote.TryTakeOutgoing(out byte[]? goodbye));
        call.Worker.OnDatagram(goodbye!, remote.Path, call.Now);

        Assert.Equal([(viewer.Id, PeerCloseReason.ClosedByPeer)], call.Events.Closed);
    }

    private static RemotePeer[] OpenCrowd(SimulatedCall call, int count = Crowd)
    {
        var crowd = new RemotePeer[count];
        for (int i = 0; i < count; i++)
        {
            (_, crowd[i]) = call.OpenViewer(SimulatedCall.PathOf(1000 + i));
            call.Check(crowd[i]);
        }
        return crowd;
    }

    private static byte[] ClientHelloOf(RemotePeer viewer, MonotonicTime now)
    {
        viewer.StartDtls(now);
        return viewer.TryTakeOutgoing(out byte[]? hello) ? hello! : throw new InvalidOperationException("There is no client hello.");
    }

    private static void SendHandshakes(SimulatedCall call, RemotePeer[] crowd, int peer, int count)
    {
        for (int i = 0; i < count; i++)
            call.Worker.OnDatagram([Handshake, (byte)peer, (byte)i, (byte)(i >> 8)], crowd[peer].Path, call.Now);
    }

    /// <summary>A record with its number in the tenth byte, RFC 6347 section 4.1.</summary>
    private static byte[] Record(byte number, byte content) => [Handshake, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, number, 0, 1, content];

    private static void TickUntilIdle(SimulatedCall call)
    {
        for (int ticks = 0; call.Worker.OnTick(call.Now) <= call.Now; ticks++)
            Assert.True(ticks < HandshakeQueue.Capacity);
    }

    private static List<(NetworkPath Path, byte[] Bytes)> Take(SimulatedCall call)
    {
        List<(NetworkPath, byte[])> sent = [];
        while (call.Sent.TryTake(out (NetworkPath Path, byte[] Bytes) datagram))
            sent.Add(datagram);
        return sent;
    }
}
