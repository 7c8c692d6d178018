using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>A picture that would fill a viewer's line is spread, and all else leaves at once; what leaves is the same either way.</summary>
public sealed class PacerTests
{
    /// <summary>A key frame of 90 kB.</summary>
    private const int KeyFrame = 82;

    [Theory]
    [InlineData(null)]
    [InlineData(50.0)]
    public void Nothing_waits_without_an_estimate_or_with_one_far_above_a_key_frame(double? megabits)
    {
        using var call = new PacedCall();
        call.SetEstimate(megabits);
        call.Receive(call.Picture(KeyFrame, isKey: true));

        Assert.Equal(KeyFrame, call.SentTo(0).Length);
    }

    [Fact]
    public void Picture_that_takes_less_than_thirty_milliseconds_of_the_line_leaves_at_once()
    {
        using var call = new PacedCall();
        call.SetEstimate(1.5);
        call.Receive(call.Picture(4, isKey: true));
        Assert.Equal(4, call.SentTo(0).Length);

        call.Run(33);
        call.Receive(call.Picture(8));
        Assert.InRange(call.SentTo(0).Length - 4, 4, 5);
    }

    /// <summary>
    /// A line of 0.8 Mb/s carries 720 kbit in 900 ms, which is too long to wait: the hard limit of 250 ms spreads it. Where the line has
    /// room for it at 1.1 times the estimate within 200 ms, it takes what it takes.
    /// </summary>
    [Theory]
    [InlineData(0.8, KeyFrame, 240, 255)]
    [InlineData(3, KeyFrame, 165, 210)]
    [InlineData(6, KeyFrame, 75, 105)]
    [InlineData(3, 30, 40, 75)]
    [InlineData(15, KeyFrame, 10, 30)]
    public void Key_frame_is_spread_evenly(double megabits, int packets, int least, int most)
    {
        using var call = new PacedCall();
        call.SetEstimate(megabits);
        MonotonicTime start = call.Call.Now;
        call.Receive(call.Picture(packets, isKey: true));
        call.Run(400);

        PacedCall.SentMedia[] sent = call.SentTo(0);
        Assert.Equal(packets, sent.Length);
        AssertConsecutive(sent);
        int AtOnce() => sent.Count(packet => packet.Time == start);
        Assert.InRange(AtOnce(), 1, Math.Max(1, (int)(megabits * 1e6 / 8 * 0.03 / PacedCall.PayloadBytes)));
        Assert.InRange((sent[^1].Time - start).TotalMilliseconds, least, most);
        double even = (packets - AtOnce()) * 20.0 / (sent[^1].Time - start).TotalMilliseconds;
        for (int from = 1; from + 20 <= (sent[^1].Time - start).TotalMilliseconds; from++)
        {
            int inWindow = sent.Count(packet => (packet.Time - start).TotalMilliseconds >= from
                && (packet.Time - start).TotalMilliseconds < from + 20);
            Assert.InRange(inWindow, Math.Floor(even * 0.6) - 1, Math.Ceiling(even * 1.4) + 1);
        }
    }

    [Fact]
    public void Packets_leave_in_runs_every_five_milliseconds()
    {
        using var call = new PacedCall();
        call.SetEstimate(6);
        MonotonicTime start = call.Call.Now;
        call.Receive(call.Picture(KeyFrame, isKey: true));
        call.Run(200);

        IGrouping<MonotonicTime, PacedCall.SentMedia>[] turns =
            [.. call.SentTo(0).Where(packet => packet.Time > start).GroupBy(packet => packet.Time)];
        Assert.All(turns, turn => Assert.Equal(0, turn.Key.Ticks % Pacer.Interval.Ticks));
        Assert.All(turns[..^1], turn => Assert.InRange(turn.Count(), 3, 6));
    }

    [Fact]
    public void Sound_overtakes_a_picture_that_waits()
    {
        using var call = new PacedCall();
        call.SetEstimate(0.8);
        call.Receive(call.Picture(KeyFrame, isKey: true));
        for (int i = 1; i <= 10; i++)
        {
            call.Run(20);
            call.Receive([call.Sound()]);
            Assert.Equal((i, call.Call.Now), (call.SentTo(0, video: false).Length, call.SentTo(0, video: false)[^1].Time));
        }
        Assert.InRange(call.SentTo(0).Length, 1, KeyFrame - 1);
    }

    [Fact]
    public void Next_pictures_wait_behind_the_one_that_waits_and_none_too_long()
    {
        using var call = new PacedCall();
        call.SetEstimate(0.5);
        List<MonotonicTime> came = [];
        for (int i = 0; i < 60; i++)
        {
            int packets = i == 0 ? KeyFrame : 5;
            came.AddRange(Enumerable.Repeat(call.Call.Now, packets));
            call.Receive(call.Picture(packets, isKey: i == 0));
            call.Run(33);
        }
        call.Run(300);

        PacedCall.SentMedia[] sent = call.SentTo(0);
        Assert.Equal(came.Count, sent.Length);
        AssertConsecutive(sent);
        double[] waits = [.. sent.Zip(came, static (packet, time) => (packet.Time - time).TotalMilliseconds)];
        Assert.InRange(waits.Max(), 150, 255);
    }

    [Fact]
    public void Viewer_that_waits_delays_nobody_else()
    {
        using var call = new PacedCall(viewers: 9);
        for (int viewer = 0; viewer < 9; viewer += 3)
        {
            call.SetEstimate(0.8, viewer);
            call.SetEstimate(30, viewer + 1);
        }
        call.Receive(call.Picture(KeyFrame, isKey: true));

        for (int viewer = 0; viewer < 9; viewer++)
            Assert.Equal(viewer % 3 == 0 ? 2 : KeyFrame, call.SentTo(viewer).Length);
        call.Run(300);
        Assert.All(Enumerable.Range(0, 9), viewer => Assert.Equal(KeyFrame, call.SentTo(viewer).Length));
    }

    [Fact]
    public void What_the_decision_needs_is_fetched_while_others_are_served()
    {
        using var call = new PacedCall(viewers: 40);
        for (int viewer = 0; viewer < 40; viewer++)
            call.SetEstimate(5, viewer);
        call.Receive(call.Picture(1, isKey: true));
        long before = call.Call.Sent.Total;
        call.Call.Prefetches.Keeps = true;
        call.Receive(call.Picture(1));

        for (int viewer = 0; viewer < 40; viewer++)
            Assert.InRange(call.Call.Prefetches.FirstAt[VideoOf(call, viewer).Paced!] - before, 0, Math.Max(0, viewer - 1));
    }

    [Fact]
    public void Packet_that_waits_is_not_sent_for_a_nack_and_one_that_has_left_is()
    {
        using var call = new PacedCall();
        call.SetEstimate(0.8);
        call.Receive(call.Picture(KeyFrame, isKey: true));
        Subscription video = VideoOf(call);
        PacedCall.SentMedia[] before = call.SentTo(0);

        video.OnNack(new SequenceNumber((ushort)(before[^1].Number + 5)), call.Call.Now);
        Assert.Equal(0, video.Sender.Stream.PacketsResent);
        video.OnNack(new SequenceNumber(before[^1].Number), call.Call.Now);
        Assert.Equal(1, video.Sender.Stream.PacketsResent);
        Assert.Equal(0, call.Call.Drops[DropReason.RetransmissionExpired]);
    }

    [Fact]
    public void Picture_that_waits_goes_out_when_its_video_is_paused()
    {
        using var call = new PacedCall();
        call.SetEstimate(0.8);
        call.Receive(call.Picture(KeyFrame, isKey: true));
        VideoOf(call).SetLimit(new LayerLimit(MaxLayers.None, LimitCause.Wish), call.Call.Now);
        call.Run(300);
        Assert.Equal(KeyFrame, call.SentTo(0).Length);

    }

    [Fact]
    public void Picture_that_waits_goes_out_when_its_source_ends_and_at_once_when_nothing_is_known_of_the_line_any_more()
    {
        using var call = new PacedCall();
        call.SetEstimate(0.8);
        call.Receive(call.Picture(KeyFrame, isKey: true));
        VideoOf(call).SetSource(null, call.Call.Now);
        call.Run(5);
        Assert.InRange(call.SentTo(0).Length, 3, KeyFrame / 2);

        call.SetEstimate(null);
        call.Run(1);
        Assert.Equal(KeyFrame, call.SentTo(0).Length);
    }

    [Fact]
    public void Sender_report_counts_what_has_left()
    {
        using var call = new PacedCall();
        call.SetEstimate(0.8);
        call.Receive(call.Picture(KeyFrame, isKey: true));
        Assert.Equal(call.SentTo(0).Length, VideoOf(call).Sender.Stream.PacketsSent);
        call.Run(300);
        Assert.Equal(KeyFrame, VideoOf(call).Sender.Stream.PacketsSent);
    }

    [Fact]
    public void Nothing_waits_for_a_viewer_that_has_gone()
    {
        using var call = new PacedCall();
        call.SetEstimate(0.8);
        call.Receive(call.Picture(KeyFrame, isKey: true));
        int before = call.SentTo(0).Length;
        call.Viewer(0).Close(Rtc.Transport.PeerCloseReason.ClosedByClient, call.Call.Now);
        call.Run(300);

        Assert.Equal(before, call.SentTo(0).Length);
        Assert.Empty(call.Call.Events.Faults);
    }

    [Fact]
    public void Timer_runs_only_while_something_waits()
    {
        using var call = new PacedCall();
        call.SetEstimate(0.8);
        Downlink downlink = call.Viewer(0).Downlink;
        Assert.False(downlink.IsScheduled);
        call.Receive(call.Picture(KeyFrame, isKey: true));
        Assert.True(downlink.IsScheduled);
        call.Run(300);
        Assert.False(downlink.IsScheduled);
    }

    /// <summary>
    /// Packets are lost, come late and come twice; batches and estimates vary. Whatever the seed, each viewer is sent the same datagrams
    /// with pacing and without, but for their transport-wide numbers, and each once: nothing is left out, and no SRTP index protects two.
    /// </summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void What_leaves_is_the_same_with_pacing_and_without(int firstSeed, bool hasLate)
    {
        int waited = 0;
        for (int seed = firstSeed; seed < firstSeed + 100; seed += 2)
        {
            using PacedCall plain = Play(seed, hasLate, isPaced: false), paced = Play(seed, hasLate, isPaced: true);
            for (int viewer = 0; viewer < 3; viewer++)
            {
                string[] expected = [.. plain.SentTo(viewer).Select(packet => packet.Text)];
                string[] actual = [.. paced.SentTo(viewer).Select(packet => packet.Text)];
                if (hasLate)
                    Assert.Equal(expected.Order(), actual.Order());
                else
                    Assert.Equal(expected, actual);
                Assert.Equal(actual.Length, paced.SentTo(viewer).Select(packet => (packet.Header.Ssrc, packet.Number)).Distinct().Count());
                Assert.Equal(plain.SentTo(viewer, video: false).Select(packet => packet.Text),
                    paced.SentTo(viewer, video: false).Select(packet => packet.Text));
                waited += plain.SentTo(viewer).Zip(paced.SentTo(viewer)).Count(pair => pair.First.Time < pair.Second.Time);
            }
            Assert.Equal(0, paced.Call.Drops[DropReason.PacingExpired]);
        }
        Assert.InRange(waited, 10_000, int.MaxValue);
    }

    private static PacedCall Play(int seed, bool hasLate, bool isPaced)
    {
        var call = new PacedCall(seed, viewers: 3);
        Random media = new(seed), wire = new(seed + 1), line = new(seed + 2);
        List<byte[]> late = [];
        for (int turn = 0; turn < 60; turn++)
        {
            for (int viewer = 0; isPaced && viewer < 3; viewer++)
            {
                if (line.Next(5) == 0)
                    call.SetEstimate(line.Next(6) == 0 ? null : 0.2 + line.NextDouble() * line.Next(1, 20), viewer);
            }
            bool isKey = turn == 0 || media.Next(20) == 0;
            List<byte[]> batch = [];
            foreach (byte[] datagram in call.Picture(isKey ? media.Next(20, 90) : media.Next(1, 12), isKey))
            {
                int fate = wire.Next(60);
                if (turn > 0 && fate == 0)
                    continue;
                if (turn > 0 && fate == 1 && hasLate)
                    late.Add(datagram);
                else
                    batch.Add(datagram);
                if (fate == 2)
                    batch.Add(datagram);
                if (fate == 3)
                    batch.Add(call.Sound());
            }
            if (late.Count > 0 && wire.Next(3) == 0)
            {
                batch.InsertRange(wire.Next(batch.Count), late);
                late.Clear();
            }
            call.Receive(batch);
            call.Run(wire.Next(5, 40));
        }
        call.Run(300);
        return call;
    }

    private static Subscription VideoOf(PacedCall call, int viewer = 0) =>
        call.Viewer(viewer).Subscriptions.Single(subscription => subscription.Kind == MediaKind.Video);

    private static void AssertConsecutive(PacedCall.SentMedia[] sent) =>
        Assert.Equal(Enumerable.Range(0, sent.Length).Select(i => (ushort)(sent[0].Number + i)), sent.Select(packet => packet.Number));
}
