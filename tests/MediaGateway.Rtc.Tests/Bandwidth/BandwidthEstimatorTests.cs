using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Bandwidth;

public sealed class BandwidthEstimatorTests
{
    [Fact]
    public void Estimate_begins_at_one_megabit() => Assert.Equal(1, new EstimatorDriver().Megabits);

    [Theory]
    [InlineData(4_000_000, 3)]
    [InlineData(600_000, 1)]
    public void Estimate_begins_at_three_quarters_of_the_last_of_the_path(long last, double expected) =>
        Assert.Equal(expected, new EstimatorDriver(new EstimatorOptions { Initial = new Bitrate(last) }).Megabits);

    [Fact]
    public void Estimate_rises_while_all_of_it_is_sent_and_arrives()
    {
        var driver = new EstimatorDriver();
        driver.Send(1, 3);

        Assert.InRange(driver.Megabits, 1.1, 1.2);
    }

    [Fact]
    public void First_packets_that_arrive_show_what_the_path_carries()
    {
        var driver = new EstimatorDriver();
        Assert.True(driver.Estimator.IsAssumed);
        driver.Send(3, 0.6);
        Assert.InRange(driver.Megabits, 3, 3.5);
        driver.Send(3, 0.5);
        Assert.False(driver.Estimator.IsAssumed);
    }

    [Fact]
    public void First_packets_that_fill_the_path_show_no_more_than_it_carries()
    {
        var driver = new EstimatorDriver();
        double delay = 20;
        // Half of what is sent is carried.
        driver.Delay = () => delay += 3;
        driver.Send(3, 0.8);
        Assert.False(driver.Estimator.IsAssumed);
        Assert.InRange(driver.Megabits, 0.8, 1.8);
    }

    [Fact]
    public void Trap_3_estimate_of_which_little_is_sent_neither_rises_nor_falls()
    {
        var driver = new EstimatorDriver();
        driver.Send(0.2, 30);

        Assert.Equal(1, driver.Megabits);
    }

    [Fact]
    public void Trap_3_queue_that_holds_nothing_back_leaves_an_estimate_of_which_little_is_sent()
    {
        var driver = new EstimatorDriver(new EstimatorOptions { Start = new Bitrate(5_000_000) });
        driver.Send(0.5, 2);
        driver.Delay = static () => 80;
        driver.Send(0.5, 3);

        Assert.Equal(5, driver.Megabits);
        Assert.False(driver.Estimator.IsCongested);
    }

    [Fact]
    public void Queue_that_grows_takes_the_estimate_below_what_arrives()
    {
        var driver = new EstimatorDriver(new EstimatorOptions { Start = new Bitrate(2_000_000) });
        driver.Send(2, 1);
        double delay = 20;
        // Half of what is sent is carried: each packet waits as long as it takes more than it took to be sent.
        driver.Delay = () => delay += 4;
        driver.Send(2, 0.4);

        Assert.InRange(driver.Megabits, 0.5, 1);
        Assert.True(driver.Estimator.IsCongested);
    }

    [Fact]
    public void Drained_queue_ends_the_congestion()
    {
        var driver = new EstimatorDriver(new EstimatorOptions { Start = new Bitrate(2_000_000) });
        driver.Send(2, 1);
        double delay = 20;
        driver.Delay = () => delay += 4;
        driver.Send(2, 0.4);
        driver.Delay = () => delay = Math.Max(20, delay - 10);
        driver.Send(0.5, 1);

        Assert.False(driver.Estimator.IsCongested);
        Assert.InRange(driver.Estimator.QueueDelay.TotalMilliseconds, 0, 10);
    }

    [Fact]
    public void Trap_4_silence_steps_down_and_ends_without_a_trace()
    {
        var driver = new EstimatorDriver(new EstimatorOptions { Start = new Bitrate(4_000_000) });
        driver.Send(1, 2);
        driver.HasFeedback = false;
        driver.Send(1, 2);
        double silent = driver.Megabits;
        driver.HasFeedback = true;
        driver.Send(1, 1);

        Assert.InRange(silent, 2, 3.5);
        Assert.Equal(4, driver.Megabits);
    }

    [Fact]
    public void Trap_4_silence_while_nothing_is_in_flight_means_nothing()
    {
        var driver = new EstimatorDriver(new EstimatorOptions { Start = new Bitrate(4_000_000) });
        driver.Send(1, 2);
        driver.Estimator.OnTimeout(driver.Now + TimeSpan.FromMilliseconds(100));

        Assert.Equal(4, driver.Megabits);
    }

    [Fact]
    public void Trap_1_losses_in_reports_count_for_nothing_beside_transport_wide_feedback()
    {
        var driver = new EstimatorDriver();
        driver.Send(0.5, 1);
        driver.Estimator.OnReport(0.5, TimeSpan.FromMilliseconds(50), driver.Now);
        driver.Estimator.OnRemb(new Bitrate(100_000), driver.Now);

        Assert.Equal(1, driver.Megabits);
        Assert.Equal(FeedbackKind.TransportWide, driver.Estimator.Feedback);
    }

    [Fact]
    public void Trap_9_numbered_packets_without_feedback_fall_back_after_a_second()
    {
        var driver = new EstimatorDriver { HasFeedback = false };
        driver.Send(0.5, 0.9);
        FeedbackKind before = driver.Estimator.Feedback;
        bool isLimited = driver.Estimator.Estimate is not null;
        driver.Send(0.5, 0.2);

        Assert.Equal(FeedbackKind.None, before);
        Assert.True(isLimited);
        Assert.Null(driver.Estimator.Estimate);
        driver.Estimator.OnRemb(new Bitrate(700_000), driver.Now);
        Assert.Equal(0.7, driver.Megabits);
        Assert.Equal(FeedbackKind.Remb, driver.Estimator.Feedback);
    }

    [Fact]
    public void Goal_15_reports_of_loss_take_the_estimate_below_what_is_sent()
    {
        var driver = new EstimatorDriver { HasFeedback = false };
        driver.Send(2, 1.2);
        driver.Estimator.OnReport(0.4, TimeSpan.FromMilliseconds(100), driver.Now);

        Assert.InRange(driver.Megabits, 1.4, 1.7);
        Assert.Equal(FeedbackKind.ReceiverReports, driver.Estimator.Feedback);
    }

    [Fact]
    public void New_path_begins_anew()
    {
        var driver = new EstimatorDriver(new EstimatorOptions { Initial = new Bitrate(8_000_000) });
        driver.Send(1, 1);
        driver.Delay = static () => 120;
        driver.Estimator.OnPathChanged(driver.Now);
        driver.Send(0.5, 1);

        Assert.Equal(1, driver.Megabits);
        Assert.Equal(TimeSpan.Zero, driver.Estimator.QueueDelay);
    }

    [Fact]
    public void Trap_28_estimate_has_one_floor_and_one_ceiling()
    {
        var driver = new EstimatorDriver(new EstimatorOptions { Floor = new Bitrate(50_000), Maximum = new Bitrate(900_000) });
        driver.Send(0.9, 2);
        double most = driver.Megabits;
        driver.HasFeedback = false;
        driver.Send(0.9, 60);

        Assert.Equal(0.9, most);
        Assert.Equal(0.05, driver.Megabits);
    }

    [Fact]
    public void Trap_32_jitter_of_the_path_is_no_queue()
    {
        var random = new Random(1);
        var driver = new EstimatorDriver(new EstimatorOptions { Start = new Bitrate(2_000_000) })
        {
            Delay = () => 200 + 60 * random.NextDouble(),
        };
        driver.Send(1, 60);

        Assert.Equal(2, driver.Megabits);
    }

    [Fact]
    public void Version_grows_when_the_estimate_changes()
    {
        var driver = new EstimatorDriver();
        int before = driver.Estimator.Version;
        driver.Send(0.2, 1);
        int still = driver.Estimator.Version;
        driver.Estimator.OnProbe(2_000_000, isFull: false, driver.Now);

        Assert.Equal(before, still);
        Assert.Equal(still + 1, driver.Estimator.Version);
    }
}
