using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Media;

/// <summary>Packets of one batch go out subscriber by subscriber, and each subscriber gets what it would get one by one.</summary>
public sealed class FanoutTests
{
    private const int Viewers = 5;
    private const int Packets = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Batches_of_any_size_reach_each_viewer_bit_for_bit_as_one_by_one(int seed)
    {
        Dictionary<(NetworkPath, Ssrc), List<byte[]>> oneByOne = Play(seed, _ => 1);
        Dictionary<(NetworkPath, Ssrc), List<byte[]>> batches = Play(seed, random => random.Next(1, FanoutQueue.Capacity * 3));

        Assert.Equal(Viewers * 2, oneByOne.Count);
        Assert.All(oneByOne.Values, packets => Assert.InRange(packets.Count, Packets / 4, Packets));
        Assert.Equal(oneByOne.Keys.ToHashSet(), batches.Keys.ToHashSet());
        foreach ((var stream, List<byte[]> packets) in oneByOne)
            Assert.Equal(packets.Select(Convert.ToHexString), batches[stream].Select(Convert.ToHexString));
    }

    [Fact]
    public void A_batch_leaves_viewer_by_viewer()
    {
        using var call = new SimulatedCall();
        RemotePeer publisher = Open(call);

        for (ushort i = 0; i < 4; i++)
            call.Worker.OnDatagram(KeyFrame(publisher, i), publisher.Path, call.Now);
        Assert.Empty(TakeMedia(call));
        call.Worker.OnTick(call.Now);

        List<NetworkPath> paths = [.. TakeMedia(call).Select(sent => sent.Path)];
        Assert.Equal(paths.Distinct().SelectMany(viewer => Enumerable.Repeat(viewer, 4)), paths);
        Assert.Equal(Viewers, paths.Distinct().Count());
    }

    [Fact]
    public void Publications_of_a_batch_leave_together_viewer_by_viewer()
    {
        using var call = new SimulatedCall();
        RemotePeer publisher = Open(call);

        for (ushort i = 0; i < 3; i++)
        {
            call.Worker.OnDatagram(KeyFrame(publisher, i), publisher.Path, call.Now);
            call.Worker.OnDatagram(publisher.CreateMedia(RemoteOffer.Audio, RemoteOffer.Opus, i, i * 960u, new byte[80]), publisher.Path,
                call.Now);
        }
        call.Worker.OnTick(call.Now);

        List<(NetworkPath Path, byte[] Bytes)> sent = TakeMedia(call);
        NetworkPath[] viewers = [.. sent.Select(media => media.Path).Distinct()];
        Assert.Equal(Viewers, viewers.Length);
        Assert.Equal(viewers.SelectMany(viewer => Enumerable.Repeat(viewer, 6)), sent.Select(media => media.Path));
        bool[] isVideo = [.. sent.Select(media => media.Bytes.Length > 400)];
        Assert.Equal(viewers.SelectMany(_ => new[] { true, true, true, false, false, false }), isVideo);
    }

    [Fact]
    public void What_a_subscriber_needs_is_fetched_while_others_before_it_are_served()
    {
        const int Many = 40;
        using var call = new SimulatedCall();
        (_, RemotePeer publisher) = call.OpenPublisher(SimulatedCall.PathOf(1));
        call.Connect(publisher);
        List<Viewer> viewers = [];
        for (int i = 0; i < Many; i++)
        {
            (Viewer viewer, RemotePeer remote) = call.OpenViewer(SimulatedCall.PathOf(10 + i));
            call.Connect(remote);
            viewers.Add(viewer);
        }
        call.Receive(KeyFrame(publisher, 0), publisher.Path);
        long before = call.Sent.Total;

        call.Prefetches.Keeps = true;
        call.Receive(KeyFrame(publisher, 1), publisher.Path);

        Assert.Equal(before + Many, call.Sent.Total);
        for (int i = 0; i < Many; i++)
        {
            Subscription subscription = viewers[i].Subscriptions.Single(subscription => subscription.Kind == MediaKind.Video);
            RtpSession session = viewers[i].Transport.Rtp;
            object[] needed =
            [
                subscription, subscription.Sender, subscription.Forwarder, session.Outlet, session.Congestion, subscription.Sender.Stream,
            ];
            Assert.All(needed, target => Assert.InRange(call.Prefetches.FirstAt[target] - before, 0, Math.Max(0, i - 1)));
        }
    }

    [Fact]
    public void What_is_full_leaves_before_the_batch_ends()
    {
        using var call = new SimulatedCall();
        RemotePeer publisher = Open(call);

        for (ushort i = 0; i < FanoutQueue.Capacity; i++)
            call.Worker.OnDatagram(KeyFrame(publisher, i), publisher.Path, call.Now);

        Assert.Equal(Viewers * FanoutQueue.Capacity, TakeMedia(call).Count);
    }

    [Fact]
    public void A_bug_while_forwarding_ends_the_publisher_and_nobody_else()
    {
        using var call = new SimulatedCall();
        (Publisher peer, RemotePeer publisher) = call.OpenPublisher(SimulatedCall.PathOf(1));
        call.Connect(publisher);
        (Viewer viewer, RemotePeer remote) = call.OpenViewer(SimulatedCall.PathOf(10));
        call.Connect(remote);

        call.Sent.FailsWith = new InvalidOperationException("a bug");
        call.Worker.OnDatagram(KeyFrame(publisher, 0), publisher.Path, call.Now);
        call.Worker.OnTick(call.Now);
        call.Sent.FailsWith = null;

        Assert.Equal((peer.Id, "a bug"), call.Events.Faults.Select(fault => (fault.Peer, fault.Fault.Message)).Single());
        Assert.Null(call.Worker.Peers.Find(peer.Id));
        Assert.Same(viewer, call.Worker.Peers.Find(viewer.Id));
        (_, RemotePeer next) = call.OpenPublisher(SimulatedCall.PathOf(2));
        call.Connect(next);
        call.Receive(KeyFrame(next, 0), next.Path);
        Assert.Contains(remote.Media, IsRtp);
    }

    [Fact]
    public void A_packet_that_comes_out_of_the_fan_out_is_a_bug_of_its_publisher_and_the_next_one_is_served()
    {
        using var call = new SimulatedCall();
        RemotePeer publisher = Open(call);
        byte[]? late = KeyFrame(publisher, 1);
        call.Sent.Sending = () =>
        {
            if (late is not { } packet)
                return;
            late = null;
            call.Worker.OnDatagram(packet, publisher.Path, call.Now);
        };

        call.Receive(KeyFrame(publisher, 0), publisher.Path);

        Assert.Contains("out of the fan-out", call.Events.Faults.Select(fault => fault.Fault.Message).Single());
        (_, RemotePeer next) = call.OpenPublisher(SimulatedCall.PathOf(2));
        call.Connect(next);
        call.Worker.OnDatagram(KeyFrame(next, 0), next.Path, call.Now);
        call.Worker.OnTick(call.Now);
        Assert.Equal(Viewers, TakeMedia(call).Count);
    }

    [Fact]
    public void Padding_goes_no_further_and_leaves_no_hole()
    {
        using var call = new SimulatedCall();
        (_, RemotePeer publisher) = call.OpenPublisher(SimulatedCall.PathOf(1));
        call.Connect(publisher);
        (_, RemotePeer viewer) = call.OpenViewer(SimulatedCall.PathOf(10));
        call.Connect(viewer);
        viewer.Media.Clear();
        byte[] keyFrame = [0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00, .. new byte[50]];
        byte[] delta = [0x10, 0x11, .. new byte[50]];

        call.Receive(Padded(publisher, 0, keyFrame, 9), publisher.Path);
        call.Receive(Padded(publisher, 1, [], 200), publisher.Path);
        call.Receive(Padded(publisher, 2, delta, 0), publisher.Path);

        using Rtc.Srtp.SrtpReceiver receiver = viewer.CreateReceiver();
        List<(ushort Sequence, string Payload)> seen = [];
        foreach (byte[] datagram in viewer.Media.Where(IsRtp))
        {
            Assert.True(RtpHeader.TryParse(datagram, out RtpHeader header));
            Assert.Equal(DropReason.None, receiver.UnprotectRtp(datagram, header, out int length, out _));
            Assert.True(RtpPacketView.TryParse(datagram.AsSpan(0, length), out RtpPacketView view));
            Assert.Equal(0, view.PaddingLength);
            seen.Add((header.SequenceNumber.Value, Convert.ToHexString(view.Payload)));
        }
        Assert.Equal([Convert.ToHexString(keyFrame), Convert.ToHexString(delta)], seen.Select(packet => packet.Payload));
        Assert.Equal(seen[0].Sequence + 1, seen[1].Sequence);
    }

    /// <summary>Makes a packet with the given amount of padding (RFC 3550 section 5.1).</summary>
    private static byte[] Padded(RemotePeer publisher, ushort sequence, byte[] payload, byte padding)
    {
        byte[] packet = new byte[RtpHeader.FixedLength + payload.Length + padding];
        var writer = new RtpPacketWriter(packet);
        writer.WriteHeader(marker: true, RemoteOffer.Vp8, new SequenceNumber(sequence), new RtpTimestamp(sequence * 3000u),
            RemoteOffer.Video);
        payload.CopyTo(packet.AsSpan(writer.FinishHeader()));
        if (padding > 0)
            (packet[0], packet[^1]) = ((byte)(packet[0] | 0x20), padding);
        return publisher.Protect(packet);
    }

    private static RemotePeer Open(SimulatedCall call)
    {
        (_, RemotePeer publisher) = call.OpenPublisher(SimulatedCall.PathOf(1));
        call.Connect(publisher);
        for (int i = 0; i < Viewers; i++)
        {
            (_, RemotePeer viewer) = call.OpenViewer(SimulatedCall.PathOf(10 + i));
            call.Connect(viewer);
        }
        TakeMedia(call);
        return publisher;
    }

    /// <summary>
    /// Sound and picture with losses, repeats and reordering, in batches; what each viewer is sent of each stream, in order.
    /// </summary>
    private static Dictionary<(NetworkPath Viewer, Ssrc Stream), List<byte[]>> Play(int seed, Func<Random, int> batch)
    {
        // Numbers of the transport count sound and picture together, and in a batch these go out in another order.
        using var call = new SimulatedCall(seed, estimatesBandwidth: false);
        RemotePeer publisher = Open(call);
        List<byte[]> datagrams = CreateMedia(publisher, new Random(seed));
        var sizes = new Random(seed + 1);
        var received = new Dictionary<(NetworkPath, Ssrc), List<byte[]>>();
        for (int next = 0; next < datagrams.Count;)
        {
            int end = Math.Min(next + batch(sizes), datagrams.Count);
            for (; next < end; next++)
                call.Worker.OnDatagram([.. datagrams[next]], publisher.Path, call.Now);
            call.Worker.OnTick(call.Now);
        }
        foreach ((NetworkPath path, byte[] bytes) in TakeMedia(call))
        {
            Assert.True(RtpHeader.TryParse(bytes, out RtpHeader header));
            if (!received.TryGetValue((path, header.Ssrc), out List<byte[]>? packets))
                received[(path, header.Ssrc)] = packets = [];
            packets.Add(bytes);
        }
        return received;
    }

    private static List<byte[]> CreateMedia(RemotePeer publisher, Random random)
    {
        List<byte[]> datagrams = [];
        ushort video = 100, audio = 7;
        for (int i = 0; i < Packets; i++)
        {
            bool isVideo = i == 0 || random.Next(3) > 0;
            byte[] packet = isVideo
                ? i == 0 ? KeyFrame(publisher, video++) : publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, video++,
                    (uint)(i * 3000), [0x10, 0x01, .. new byte[random.Next(1, 900)]])
                : publisher.CreateMedia(RemoteOffer.Audio, RemoteOffer.Opus, audio++, (uint)(i * 960), new byte[random.Next(3, 200)]);
            if (random.Next(20) == 0 && i > 0)
                continue;
            datagrams.Insert(i > 1 && random.Next(10) == 0 ? datagrams.Count - 1 : datagrams.Count, packet);
            if (random.Next(20) == 0)
                datagrams.Add(packet);
        }
        return datagrams;
    }

    private static byte[] KeyFrame(RemotePeer publisher, ushort sequence) => publisher.CreateMedia(
        RemoteOffer.Video, RemoteOffer.Vp8, sequence, sequence * 3000u,
        [0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00, .. new byte[500]]);

    private static List<(NetworkPath Path, byte[] Bytes)> TakeMedia(SimulatedCall call)
    {
        List<(NetworkPath, byte[])> media = [];
        while (call.Sent.TryTake(out (NetworkPath Path, byte[] Bytes) sent))
        {
            if (IsRtp(sent.Bytes))
                media.Add(sent);
        }
        return media;
    }

    /// <summary>Tells RTP from RTCP by the second byte (RFC 5761 section 4).</summary>
    private static bool IsRtp(byte[] datagram) => datagram[0] >> 6 == 2 && datagram[1] is < 192 or > 223;
}
