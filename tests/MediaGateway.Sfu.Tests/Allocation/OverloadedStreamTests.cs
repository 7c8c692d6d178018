using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>A live stream that is watched by more than its worker can serve: what comes to whom.</summary>
public sealed class OverloadedStreamTests
{
    private const int Viewers = 200;

    [Fact]
    public void Twice_the_capacity_costs_some_their_picture_nobody_the_sound_and_passes()
    {
        using var stream = new OverloadedStream(seed: 1, Viewers);
        stream.Offer(0.5);
        stream.Run(5);
        Assert.Equal(0, stream.Level);
        stream.Offer(2);
        double began = stream.History.Seconds;
        stream.Run(6);

        // Within a few seconds it has settled, at what it can carry.
        stream.Mark();
        stream.Run(4);
        HashSet<CountingViewer> watching = stream.Watching();
        Assert.InRange(watching.Count, Viewers / 8, Viewers / 2);
        stream.Mark();
        stream.Run(50);
        Assert.InRange(stream.History.BusyFrom(began + 6), 0.6, 0.95);
        Assert.True(stream.History.Changes.Count < 30, stream.History.ToString());
        // The same ones see it all the time; a few more for moments, when less was tried.
        Assert.Superset(watching, stream.Watching());
        Assert.All(watching, viewer => Assert.Equal(0, viewer.Returns));
        Assert.InRange(stream.Viewers.Max(viewer => viewer.Returns), 0, 6);
        Assert.InRange(stream.LongestDelay.TotalMilliseconds, 10, 250);
        stream.AssertNothingLost();
        Assert.InRange(stream.Gateway.Worker.Drops[DropReason.Shed], 50 * 120 * Viewers / 2, 60 * 120 * Viewers);
        Assert.True(Assert.Single(stream.Gateway.Overloads).IsOverloaded);

        stream.Offer(0.5);
        stream.Run(20);
        Assert.Equal(0, stream.Level);
        stream.Mark();
        stream.Run(1);
        Assert.Equal(Viewers, stream.Watching().Count);
        stream.AssertNothingLost();
        stream.Run(12);
        OverloadInfo over = stream.Gateway.Overloads[^1];
        Assert.Equal((2, false), (stream.Gateway.Overloads.Count, over.IsOverloaded));
        Assert.InRange(over.Lasted.TotalSeconds, 60, 85);
        Assert.Equal(stream.Gateway.Worker.Drops[DropReason.Shed], over.PacketsShed);
    }

    /// <summary>Cases: the load in cores, and the number of viewers that keep their picture.</summary>
    [Theory]
    [InlineData(0.9, Viewers, Viewers)]
    [InlineData(1.2, Viewers / 2, Viewers * 7 / 8)]
    [InlineData(2.5, 0, Viewers / 8)]
    public void As_many_keep_their_picture_as_can_be_served(double load, int least, int most)
    {
        using var stream = new OverloadedStream(seed: 2, Viewers);
        stream.Offer(load);
        stream.Run(8);
        stream.Mark();
        stream.Run(2);
        Assert.InRange(stream.Watching().Count, least, most);
        Assert.InRange(stream.LongestDelay.TotalMilliseconds, 10, 250);
        Assert.InRange(stream.History.BusyFrom(8), 0.5, 0.97);
        stream.AssertNothingLost();
    }

    [Fact]
    public void Viewer_who_comes_meanwhile_is_treated_as_all_are()
    {
        using var stream = new OverloadedStream(seed: 3, viewers: 40);
        stream.Offer(2);
        stream.Run(8);
        int before = stream.Viewers.Count;
        int level = stream.Level;
        stream.Add(16);
        stream.Mark();
        stream.Run(1);
        Assert.InRange(stream.Watching().Count(viewer => stream.Viewers.IndexOf(viewer) >= before), 0, 6);
        stream.Run(10);
        Assert.InRange(stream.Level, level, level + 3);
        stream.AssertNothingLost();
    }
}
