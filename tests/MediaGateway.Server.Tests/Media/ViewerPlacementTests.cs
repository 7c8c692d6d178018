using MediaGateway.Server.Node;

namespace MediaGateway.Server.Tests.Media;

public sealed class ViewerPlacementTests
{
    [Fact]
    public void Viewers_stay_with_the_stream_up_to_the_limit_and_then_fill_one_worker_after_the_other()
    {
        var placement = new ViewerPlacement(workers: 3, viewersPerWorker: 2, maxViewersPerStream: 100);
        Assert.Equal([1, 1, 0, 0, 2, 2], Place(placement, "a", home: 1, count: 6));
    }

    [Fact]
    public void Viewers_beyond_every_limit_go_where_the_fewest_are()
    {
        var placement = new ViewerPlacement(workers: 2, viewersPerWorker: 1, maxViewersPerStream: 100);
        Place(placement, "other", home: 0, count: 1);
        Assert.Equal([1, 0], Place(placement, "a", home: 1, count: 2));
        Assert.Equal([1, 0, 1, 0], Place(placement, "a", home: 1, count: 4));
    }

    [Fact]
    public void New_worker_is_the_one_with_the_fewest_viewers_of_all_streams()
    {
        var placement = new ViewerPlacement(workers: 3, viewersPerWorker: 2, maxViewersPerStream: 100);
        Place(placement, "other", home: 1, count: 2);
        Assert.Equal([0, 0, 2], Place(placement, "a", home: 0, count: 3));
    }

    [Fact]
    public void Place_given_back_at_home_is_taken_first()
    {
        var placement = new ViewerPlacement(workers: 2, viewersPerWorker: 2, maxViewersPerStream: 100);
        Place(placement, "a", home: 0, count: 4);
        placement.Release("a", 0);
        placement.Release("a", 1);
        Assert.Equal([0, 1], Place(placement, "a", home: 0, count: 2));
    }

    [Fact]
    public void Who_may_not_move_stays_whatever_the_limit()
    {
        var placement = new ViewerPlacement(workers: 2, viewersPerWorker: 1, maxViewersPerStream: 100);
        for (int i = 0; i < 5; i++)
            Assert.Equal(0, placement.TryPlace("a", home: 0, mayMove: false));
        Assert.Equal(1, placement.TryPlace("a", home: 0, mayMove: true));
    }

    [Fact]
    public void Stream_has_so_many_viewers_on_all_workers_together()
    {
        var placement = new ViewerPlacement(workers: 2, viewersPerWorker: 1, maxViewersPerStream: 3);
        Assert.Equal(3, Place(placement, "a", home: 0, count: 3).Count());
        Assert.Null(placement.TryPlace("a", home: 0, mayMove: true));
        Assert.NotNull(placement.TryPlace("b", home: 0, mayMove: true));
        placement.Release("a", 1);
        Assert.NotNull(placement.TryPlace("a", home: 0, mayMove: true));
    }

    private static IEnumerable<int> Place(ViewerPlacement placement, string stream, int home, int count) =>
        [.. Enumerable.Range(0, count)
            .Select(_ => placement.TryPlace(stream, home, mayMove: true) ?? throw new InvalidOperationException("There is no place."))];
}
