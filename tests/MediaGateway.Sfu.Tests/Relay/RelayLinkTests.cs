using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.Tests.Relay;

public sealed class RelayLinkTests
{
    private static readonly NtpTime RemoteTime = new(0xD000_0000_0000_0000);

    [Fact]
    public void Packets_come_out_as_they_went_in()
    {
        var workers = new LinkedWorkers();
        List<byte[]> sent = [];
        for (int i = 0; i < 500; i++)
        {
            sent.Add(workers.Send(i % 2, 70_000 + i, i % 3 == 0 ? LinkedWorkers.H264 : LinkedWorkers.Vp8, length: 2 + (i * 7 % 1400)));
            workers.Exchange();
        }

        Assert.Equal(sent, workers.Received.Select(packet => packet.Bytes));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => 70_000L + i), workers.Received.Select(packet => packet.Sequence.Value));
        Assert.Equal(["lo", "hi"], workers.Received.Take(2).Select(packet => packet.Encoding.Stream.Rid!.Value.Value));
        Assert.Equal([CodecKind.H264, CodecKind.Vp8, CodecKind.Vp8], workers.Received.Take(3).Select(packet => packet.Codec.Kind));
        Assert.True(CodecMatch.IsCompatible(LinkedWorkers.H264, workers.Received[0].Codec));
        Assert.Equal(12, workers.Relayed!.Extensions.IdOf(HeaderExtensionKind.DependencyDescriptor));
        Assert.Empty(workers.Faults);
    }

    [Fact]
    public void History_at_the_other_end_answers_for_what_went_by()
    {
        var workers = new LinkedWorkers();
        byte[] sent = workers.Send(1, 5);
        workers.Send(1, 6);
        workers.Exchange();

        Assert.True(workers.Received[0].Encoding.History!.TryGet(new ExtendedSequence(5), out ReadOnlySpan<byte> kept));
        Assert.Equal(sent, kept.ToArray());
    }

    [Fact]
    public void Sender_that_begins_anew_does_so_at_the_other_end()
    {
        var workers = new LinkedWorkers();
        workers.Send(0, 60_000);
        workers.Send(1, 60_000);
        workers.Restart(0);
        workers.Send(0, 5);
        workers.Send(1, 60_001);
        workers.Exchange();

        Assert.NotSame(workers.Received[0].Encoding, workers.Received[2].Encoding);
        Assert.Same(workers.Received[1].Encoding, workers.Received[3].Encoding);
        Assert.Equal(5, workers.Received[2].Sequence.Value);
    }

    [Fact]
    public void Timing_is_the_same_at_both_ends_with_every_packet()
    {
        var workers = new LinkedWorkers();
        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            workers.Now += TimeSpan.FromMilliseconds(20);
            if (random.Next(5) == 0)
            {
                NtpTime told = RemoteTime + TimeSpan.FromMilliseconds(i * 20 - random.Next(30));
                workers.Encodings[random.Next(2)].OnSenderReport(told, new RtpTimestamp((uint)i), workers.Now);
                workers.Clock.OnSenderReport(told, workers.Now);
            }
            int encoding = random.Next(2);
            workers.Send(encoding, i);
            workers.Exchange();
            RelayedPacket packet = workers.Received[^1];
            Assert.Equal(workers.Encodings[encoding].LastSenderReport, packet.Report);
            Assert.Equal(workers.Clock.Translation, packet.Clock);
            Assert.Equal(workers.Clock.IsKnown, packet.Encoding.Clock.IsKnown);
        }
    }

    [Fact]
    public void Mute_comes_with_the_packet_that_it_begins_with()
    {
        var workers = new LinkedWorkers();
        bool[] muted = [false, true, true, false, true, false];
        for (int i = 0; i < muted.Length; i++)
        {
            workers.Publication.SetMuted(muted[i]);
            workers.Send(0, i);
        }
        workers.Exchange();

        Assert.Equal(muted, workers.Received.Select(packet => packet.IsMuted));
    }

    [Fact]
    public void Encodings_have_the_same_ranks_at_both_ends()
    {
        var workers = new LinkedWorkers();
        for (int i = 0; i < 200; i++)
        {
            workers.Now += TimeSpan.FromMilliseconds(10);
            workers.Send(0, i, length: i < 100 ? 50 : 1000);
            workers.Send(1, i, length: i < 100 ? 1000 : 50);
            workers.Exchange();
            Assert.Equal(workers.Publication.Best!.Stream.Rid, workers.Relayed!.Best!.Stream.Rid);
        }

        Assert.Equal("lo", workers.Relayed!.Best!.Stream.Rid!.Value.Value);
        workers.Publication.SetEncodingOrder([new Rid("lo"), new Rid("hi")]);
        workers.Send(0, 200);
        workers.Exchange();
        Assert.Equal("hi", workers.Relayed.Best!.Stream.Rid!.Value.Value);
    }

    [Fact]
    public void Wishes_for_a_key_frame_go_back_as_one_and_again_until_it_comes()
    {
        var workers = new LinkedWorkers();
        workers.Send(0, 1);
        workers.Send(1, 1);
        workers.Exchange();
        for (int i = 0; i < 20; i++)
            workers.Relayed!.RequestKeyFrame(workers.Received[1].Encoding, workers.Now);
        workers.Exchange();
        Assert.Equal(["hi"], workers.KeyFrameRequests);
        workers.Advance(TimeSpan.FromSeconds(2));
        Assert.InRange(workers.KeyFrameRequests.Count, 3, 5);
        workers.Send(1, 2, key: true);
        workers.Exchange();
        int asked = workers.KeyFrameRequests.Count;
        workers.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(asked, workers.KeyFrameRequests.Count);
        Assert.All(workers.KeyFrameRequests, rid => Assert.Equal("hi", rid));
    }

    [Fact]
    public void Publication_that_several_streams_show_crosses_once()
    {
        var workers = new LinkedWorkers();
        RelayTap again = workers.HomeLink.Acquire(workers.Publication);
        Assert.Same(workers.Tap, again);
        workers.Send(0, 1);
        workers.Exchange();
        Assert.Single(workers.Received);
        workers.HomeLink.Release(again);
        workers.Send(0, 2);
        workers.Exchange();
        Assert.Equal(2, workers.Received.Count);
        workers.HomeLink.Release(workers.Tap);
        workers.Send(0, 3);
        workers.Exchange();

        Assert.Equal(2, workers.Received.Count);
        Assert.Equal(0, workers.Publication.SubscriptionCount);
        Assert.Equal((0, 0), (workers.HomeLink.TapCount, workers.AwayLink.PublicationCount));
        Assert.False(workers.Relayed!.IsActive(workers.Now));
    }

    [Fact]
    public void What_a_slow_worker_has_no_room_for_is_dropped_counted_and_mended_by_a_key_frame()
    {
        var workers = new LinkedWorkers(capacity: 1 << 14);
        for (int i = 0; i < 300; i++)
        {
            workers.Now += TimeSpan.FromMilliseconds(1);
            workers.Send(0, i, length: 500);
        }
        long dropped = workers.Home.Drops[DropReason.RelayFull];
        Assert.InRange(dropped, 200, 299);
        Assert.Empty(workers.KeyFrameRequests);
        workers.Exchange();
        Assert.Equal(300 - dropped, workers.Received.Count);
        workers.Send(0, 300);
        workers.Exchange();
        Assert.Equal(["lo"], workers.KeyFrameRequests);

        // Again at once: the publisher is not asked more often than once a second.
        for (int i = 301; i < 3_301; i++)
        {
            workers.Now += TimeSpan.FromMilliseconds(1);
            workers.Send(0, i, length: 500);
            if (i % 100 == 0)
                workers.Exchange();
        }
        Assert.InRange(workers.KeyFrameRequests.Count, 3, 4);
    }

    [Fact]
    public void Codec_with_parameters_beyond_measure_stays_behind_and_the_others_cross()
    {
        RtpCodec endless = LinkedWorkers.H264 with { Parameters = "profile-level-id=42e01f;x=" + new string('y', 4000) };
        var workers = new LinkedWorkers(1 << 16, endless, LinkedWorkers.Vp8);
        workers.Send(0, 1, endless);
        workers.Send(0, 2, LinkedWorkers.Vp8);
        workers.Exchange();

        Assert.Equal([2], workers.Received.Select(packet => (int)packet.Sequence.Value));
        Assert.Equal(1, workers.Away.Drops[DropReason.UnknownPayloadType]);
    }

    [Fact]
    public void Messages_arrive_whole_and_in_order_with_all_else_however_full_the_ring_is()
    {
        var workers = new LinkedWorkers(capacity: 1 << 14);
        workers.Messages.Clear();
        byte[] endless = new byte[3000];
        Array.Fill(endless, (byte)workers.Tap.Id);
        for (int i = 0; i < 20; i++)
            workers.HomeLink.Send(LinkedWorkers.Topic, endless);
        workers.HomeLink.Send(LinkedWorkers.Topic, []);
        Assert.True(workers.HomeLink.IsBehind);
        workers.Exchange();

        Assert.Equal(21, workers.Messages.Count);
        Assert.All(workers.Messages.Take(20), message => Assert.Equal(endless, message));
        Assert.Empty(workers.Messages[20]);
        Assert.Null(workers.Relayed);
        workers.AwayLink.Send(LinkedWorkers.Topic, [9]);
        workers.Exchange();
        Assert.Equal([9], workers.Messages[^1]);
    }

    [Fact]
    public void Whatever_is_said_to_a_worker_that_stands_still_it_knows_the_state_once_it_goes_on()
    {
        long statesSent = 0;
        for (int seed = 0; seed < 200; seed++)
            statesSent += SayMuchToWorkerThatStandsStill(new Random(seed));
        Assert.InRange(statesSent, 100, long.MaxValue);
    }

    /// <returns>How often the whole state was sent.</returns>
    private static long SayMuchToWorkerThatStandsStill(Random random)
    {
        var workers = new LinkedWorkers(capacity: 1 << 12);
        List<RelayTap> taps = [workers.Tap];
        for (int i = 0; i < 600; i++)
        {
            if (random.Next(3) == 0 && taps.Count > 1)
            {
                int ended = random.Next(1, taps.Count);
                workers.HomeLink.Release(taps[ended]);
                taps.RemoveAt(ended);
            }
            else if (taps.Count < 8)
            {
                taps.Add(workers.HomeLink.Acquire(workers.Another()));
            }
            RelayTap named = taps[random.Next(taps.Count)];
            workers.Name(named);
            workers.Send(0, i, length: random.Next(10, 300));
            if (random.Next(200) == 0)
                workers.AwayLink.Receive(random.Next(1, 100), workers.Now);
            workers.HomeLink.Publish();
        }
        workers.Name(taps[^1]);
        workers.Exchange();

        Assert.False(workers.HomeLink.IsBehind);
        Assert.Equal(taps.Count, workers.AwayLink.PublicationCount);
        Assert.All(taps, tap => Assert.NotNull(workers.AwayLink.FindPublication(tap.Id)));
        Assert.Same(workers.AwayLink.FindPublication(taps[^1].Id), workers.Relayed);
        workers.Name(workers.Tap);
        workers.Exchange();
        workers.Received.Clear();
        workers.Send(0, 1_000, key: true);
        workers.Exchange();
        Assert.Equal(1_000, workers.Received.Single().Sequence.Value);
        Assert.Empty(workers.Faults);
        return workers.HomeStatistics.StatesSent;
    }

    [Fact]
    public void Records_that_cannot_be_read_are_dropped_and_counted()
    {
        var workers = new LinkedWorkers();
        workers.Send(0, 1);
        workers.Exchange();
        byte[][] bad = [[0], [(byte)RelayRecordKind.Packet, 0], [(byte)RelayRecordKind.Publication, 1, 2, 3],
            [(byte)RelayRecordKind.Publications, 1, 0], [(byte)RelayRecordKind.Message],
            [(byte)RelayRecordKind.Message, 77, 1, 2], [255, 1]];
        foreach (byte[] record in bad)
            workers.AwayLink.Take(record, workers.Now);

        Assert.Equal(bad.Length, workers.Away.Drops[DropReason.Malformed]);
        Assert.Empty(workers.Faults);
        workers.Send(0, 2);
        workers.Exchange();
        Assert.Equal(2, workers.Received.Count);
    }
}
