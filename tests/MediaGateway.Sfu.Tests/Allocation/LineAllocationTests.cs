using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>
/// Tests of how one receiver's line is divided as its estimate, its wishes and the costs of layers change. Traps are those of other
/// gateways.
/// </summary>
[Collection(AllocationCollection.Name)]
public sealed class LineAllocationTests : IDisposable
{
    private static readonly double[] Camera = [0.15, 0.5, 1.7];

    private readonly LineBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Nothing_is_limited_while_nothing_is_known_of_the_line()
    {
        BenchShare share = _bench.Watch(_bench.Publish(CodecKind.Vp8, Camera));
        _bench.Run(5);
        Assert.Equal(LayerLimit.None, share.Subscription.Limit);
        Assert.True(share.Subscription.Line is Downlink { IsScheduled: false });

        _bench.Estimate(0.5);
        Assert.Equal(LimitCause.Bandwidth, share.Subscription.Limit.Cause);
        _bench.Estimate(null);
        Assert.Equal(LayerLimit.None, share.Subscription.Limit);
        _bench.Run(1);
        Assert.True(share.Subscription.Line is Downlink { IsScheduled: false });
    }

    [Fact]
    public void Viewer_begins_at_the_layer_that_fits_and_asks_for_the_next()
    {
        BenchVideo video = _bench.Publish(CodecKind.Vp8, Camera);
        _bench.Run(3);
        _bench.Estimate(1);
        BenchShare share = _bench.Watch(video);

        Assert.Equal(new MaxLayers(false, 1, 2), share.Given);
        Assert.Equal(LimitCause.Bandwidth, share.Subscription.Limit.Cause);
        Assert.InRange(_bench.Demand.Sending.BitsPerSecond, 500_000, 620_000);
        // The next step: all but the highest temporal layer of the best encoding.
        Assert.InRange(_bench.Demand.Goal.BitsPerSecond, 1_000_000, 1_250_000);
        Assert.InRange(_bench.Demand.Wish.BitsPerSecond, 1_700_000, 2_000_000);

        _bench.Estimate(5);
        _bench.Run(0.3);
        Assert.Equal(MaxLayers.All, share.Given);
        Assert.Equal(0, _bench.Demand.Goal.BitsPerSecond);
        // All wishes are met, and there is plenty: nothing is looked at any more.
        Assert.False(_bench.Downlink.IsScheduled);
    }

    [Fact]
    public void Less_is_sent_as_soon_as_the_estimate_is_below_what_is_sent_and_more_only_after_a_while()
    {
        BenchShare share = Steady(5);
        _bench.Estimate(1.2);
        Assert.Equal(new MaxLayers(false, 1, 2), share.Given);
        Assert.Equal(0, _bench.Demand.Goal.BitsPerSecond);

        _bench.Estimate(5);
        _bench.Run(1.8);
        Assert.Equal(new MaxLayers(false, 1, 2), share.Given);
        _bench.Run(0.5);
        Assert.Equal(MaxLayers.All, share.Given);
    }

    [Fact]
    public void Temporal_layers_go_before_spatial_ones()
    {
        BenchShare share = Steady(5);
        _bench.Estimate(1.5);
        // 60 % of the best encoding rather than all of the middle one.
        Assert.Equal(new MaxLayers(false, 2, 1), share.Given);
    }

    [Fact]
    public void While_the_queue_is_drained_one_step_less_is_sent()
    {
        BenchShare share = Steady(5);
        _bench.Estimate(1.5, isCongested: true);
        Assert.Equal(new MaxLayers(false, 1, 2), share.Given);
        _bench.Estimate(1.5);
        _bench.Run(2.5);
        Assert.Equal(new MaxLayers(false, 2, 1), share.Given);
    }

    /// <summary>Trap 22: the hysteresis lies at the layers' boundaries, not at the estimate.</summary>
    [Theory]
    [InlineData(1.08, 1)]
    [InlineData(1.25, 2)]
    public void Estimate_has_to_cover_a_tenth_more_than_the_step_needs(double estimate, int spatial)
    {
        BenchShare share = Steady(0.7);
        Assert.Equal(new MaxLayers(false, 1, 2), share.Given);
        for (double rate = 0.7; rate < estimate; rate += 0.01)
        {
            _bench.Estimate(rate);
            _bench.Run(0.2);
        }
        Assert.Equal(spatial, share.Given.Spatial);
    }

    /// <summary>Goal 11 and trap 21: no change of layers while the best one fits with some room, however the estimate wavers.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Wavering_estimate_moves_nothing_while_the_layer_fits(int seed)
    {
        var random = new Random(seed);
        BenchShare share = Steady(5);
        int changes = 0;
        MaxLayers before = share.Given;
        _bench.Run(60, () =>
        {
            _bench.Estimate(1.8 * 1.3 * (0.85 + (random.NextDouble() * 0.15)));
            changes += share.Given == before ? 0 : 1;
            before = share.Given;
        });
        Assert.Equal(0, changes);
    }

    [Fact]
    public void Step_that_fails_is_tried_again_after_longer_and_longer_times()
    {
        BenchShare share = Steady(1.5);
        List<double> waits = [];
        for (int times = 0; times < 6; times++)
        {
            MonotonicTime start = _bench.Now;
            _bench.Estimate(3);
            while (share.Given != MaxLayers.All)
                _bench.Run(0.1);
            waits.Add((_bench.Now - start).TotalSeconds);
            _bench.Run(1);
            _bench.Estimate(1.5);
            Assert.Equal(new MaxLayers(false, 2, 1), share.Given);
        }
        Assert.Equal([0, 10, 20, 40, 80, 120], waits.Select(waited => Math.Round(waited / 10) * 10));

        // One that held for ten seconds has been no failure.
        _bench.Estimate(3);
        _bench.Run(135);
        Assert.Equal(MaxLayers.All, share.Given);
        _bench.Estimate(1.5);
        _bench.Estimate(3);
        _bench.Run(2.3);
        Assert.Equal(MaxLayers.All, share.Given);
    }

    /// <summary>Trap 17: the screen loses frames, cameras are paused, and it is the last to go.</summary>
    [Fact]
    public void Screen_is_the_last_to_be_paused()
    {
        BenchVideo[] cameras = [.. Enumerable.Range(0, 4).Select(_ => _bench.Publish(CodecKind.Vp8, Camera))];
        BenchVideo screen = _bench.Publish(CodecKind.Vp8, 1.5);
        _bench.Run(6);
        _bench.Estimate(20);
        BenchShare[] shares = [.. cameras.Select(camera => _bench.Watch(camera)), _bench.Watch(screen, VideoImportance.Screen)];
        _bench.Run(1);
        Assert.All(shares, share => Assert.Equal(MaxLayers.All, share.Given));

        // All lowest layers, then the screen to its wish.
        _bench.Estimate(2.6);
        Assert.Equal(MaxLayers.All, shares[4].Given);
        Assert.All(shares[..4], share => Assert.Equal(0, share.Given.Spatial));
        // Its frames go before any camera does.
        _bench.Estimate(1.3);
        Assert.Equal(0, shares[4].Given.Temporal);
        Assert.All(shares[..4], share => Assert.False(share.Given.Paused));
        _bench.Estimate(0.8);
        Assert.False(shares[4].Given.Paused);
        Assert.Contains(shares[..4], share => share.Given.Paused);
        _bench.Estimate(0.3);
        Assert.True(shares[4].Given.Paused);
    }

    /// <summary>Trap 18: what is not known does not cost nothing.</summary>
    [Fact]
    public void Layer_that_has_not_been_measured_yet_is_not_free()
    {
        _bench.Estimate(0.4);
        BenchVideo video = _bench.Publish(CodecKind.Vp8, Camera);
        BenchShare share = _bench.Watch(video);
        _bench.Run(0.1);
        Assert.Equal(0, share.Given.Spatial);
        Assert.True(_bench.Demand.Sending.BitsPerSecond > 0);
        // It is looked at again when it is known, and turns out to be cheaper.
        _bench.Run(3);
        Assert.Equal(new MaxLayers(false, 1, 1), share.Given);
    }

    /// <summary>Trap 20: what a track that is muted leaves goes to the others, and comes back.</summary>
    [Fact]
    public void Room_of_a_muted_track_goes_to_the_others()
    {
        BenchVideo[] videos = [_bench.Publish(CodecKind.Vp8, Camera), _bench.Publish(CodecKind.Vp8, Camera)];
        _bench.Run(3);
        _bench.Estimate(2.6);
        BenchShare[] shares = [.. videos.Select(video => _bench.Watch(video))];
        _bench.Run(1);
        Assert.All(shares, share => Assert.NotEqual(MaxLayers.All, share.Given));

        videos[0].Publication.SetMuted(true);
        _bench.Run(1);
        Assert.Equal(MaxLayers.All, shares[1].Given);
        videos[0].Publication.SetMuted(false);
        _bench.Run(3);
        Assert.All(shares, share => Assert.False(share.Given.Paused));
        Assert.True(_bench.Demand.Sending.BitsPerSecond <= 2_600_000);
    }

    /// <summary>Trap 21: tiles that are shown in other sizes every second neither pump the others nor beg for key frames.</summary>
    [Fact]
    public void Wishes_that_change_each_second_leave_the_other_tiles_alone()
    {
        BenchVideo[] videos = [.. Enumerable.Range(0, 25).Select(_ => _bench.Publish(CodecKind.Vp8, Camera))];
        _bench.Run(3);
        _bench.Estimate(30);
        BenchShare[] shares = [.. videos.Select(video => _bench.Watch(video))];
        foreach (BenchShare share in shares)
            share.Wish(_bench, 0);
        _bench.Run(2);
        MaxLayers still = shares[24].Given;
        for (int second = 0; second < 30; second++)
        {
            foreach (BenchShare share in shares[..24])
                share.Wish(_bench, second % 2);
            _bench.Run(1);
            Assert.Equal(still, shares[24].Given);
            Assert.All(shares, share => Assert.False(share.Given.Paused));
            Assert.True(_bench.Demand.Sending.BitsPerSecond < 30_000_000);
        }
    }

    /// <summary>Trap 24: where the lower encodings are not sent, the lowest that is counts as the base.</summary>
    [Fact]
    public void Lowest_encoding_that_is_sent_is_the_base()
    {
        BenchVideo video = _bench.Publish(CodecKind.Vp8, Camera);
        _bench.Run(2);
        video.Megabits[0] = video.Megabits[1] = 0;
        _bench.Run(4);
        _bench.Estimate(1.5);
        BenchShare share = _bench.Watch(video);
        _bench.Run(0.5);
        Assert.Equal(2, share.Given.Spatial);
        Assert.False(share.Given.Paused);
        // No key frame is asked for of what is not sent (trap 25).
        Assert.Same(video.Publication.Best, share.Subscription.Forwarder.Target);
    }

    [Fact]
    public void What_overload_takes_away_is_not_counted_and_comes_back_within_the_line()
    {
        BenchShare share = Steady(1);
        share.Subscription.SetLimit(new LayerLimit(MaxLayers.All with { Spatial = 0 }, LimitCause.Overload), _bench.Now);
        Assert.Equal(LimitCause.Overload, share.Subscription.Limit.Cause);
        Assert.InRange(_bench.Demand.Wish.BitsPerSecond, 150_000, 250_000);

        share.Subscription.SetLimit(new LayerLimit(MaxLayers.All, LimitCause.Overload), _bench.Now);
        Assert.Equal(new MaxLayers(false, 1, 2), share.Given);
        Assert.Equal(LimitCause.Bandwidth, share.Subscription.Limit.Cause);
    }

    [Fact]
    public void Stream_without_layers_is_thinned_to_key_frames_where_its_encoder_makes_them_by_itself()
    {
        BenchVideo video = _bench.PublishProduction();
        _bench.Run(10);
        _bench.Estimate(8);
        BenchShare share = _bench.Watch(video, VideoImportance.Program);
        Assert.Equal(MaxLayers.All, share.Given);
        _bench.Estimate(2);
        Assert.Equal(new MaxLayers(false, 0, MaxLayers.KeyFrames), share.Given);
        Assert.InRange(_bench.Demand.Sending.BitsPerSecond, 550_000, 700_000);
        _bench.Estimate(0.4);
        Assert.True(share.Given.Paused);
        _bench.Estimate(0.8);
        _bench.Run(2.5);
        Assert.Equal(MaxLayers.KeyFrames, share.Given.Temporal);
    }

    [Fact]
    public void Stream_without_layers_is_sent_while_its_line_is_not_known_and_thinned_when_it_turns_out_too_thin()
    {
        BenchVideo video = _bench.PublishProduction();
        _bench.Run(5);
        _bench.Estimate(1, isAssumed: true);
        BenchShare share = _bench.Watch(video, VideoImportance.Program);
        Assert.Equal(MaxLayers.All, share.Given);
        Assert.Equal(0, _bench.Demand.Goal.BitsPerSecond);
        _bench.Run(0.4);
        Assert.Equal(MaxLayers.All, share.Given);
        _bench.Estimate(1.9);
        Assert.Equal(new MaxLayers(false, 0, MaxLayers.KeyFrames), share.Given);
    }

    [Fact]
    public void Lowest_layer_stays_where_pausing_is_not_allowed()
    {
        _bench.Space.MayPause = false;
        BenchShare share = Steady(5);
        _bench.Estimate(0.02);
        Assert.Equal(new MaxLayers(false, 0, 0), share.Given);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(25)]
    public void Dividing_a_line_allocates_nothing(int videos)
    {
        BenchVideo video = _bench.Publish(CodecKind.Vp8, Camera);
        _bench.Run(3);
        _bench.Estimate(1);
        for (int i = 0; i < videos; i++)
            _bench.Watch(video);
        _bench.Run(1);
        double megabits = 1;
        long allocated = AllocatedBytes.LeastOf(_ =>
        {
            for (int i = 0; i < 100; i++)
            {
                megabits = megabits > 20 ? 0.3 : megabits * 1.1;
                _bench.Estimate(megabits, isCongested: i % 10 == 0);
                _bench.Downlink.Allocate(_bench.Now);
            }
        });
        Assert.Equal(0, allocated);
    }

    /// <summary>A camera that has been watched for a while on such a line.</summary>
    private BenchShare Steady(double megabits)
    {
        BenchVideo video = _bench.Publish(CodecKind.Vp8, Camera);
        _bench.Run(3);
        _bench.Estimate(megabits);
        BenchShare share = _bench.Watch(video);
        _bench.Run(3);
        return share;
    }
}
