using MediaGateway.Server.Surfaces.Control;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Control;

public sealed class StatsPartsTests
{
    [Fact]
    public void Report_comes_in_bounded_parts_that_are_the_report_together()
    {
        // A room of a hundred people who all receive each other is more than any default client takes at once.
        string[] identities = [.. Enumerable.Range(0, 100).Select(number => $"participant number {number} of a large room")];
        var report = new WatchStatsResponse
        {
            Time = new() { Seconds = 1 },
            Node = new V1.Node { Id = "N_1" },
            Workers = { new WorkerStats { Index = 0 }, new WorkerStats { Index = 1 } },
            LiveStreams = { new LiveStreamStats { Name = "show" } },
            Rooms =
            {
                new RoomStats { Name = "empty" },
                new RoomStats
                {
                    Name = "large",
                    Publications = { identities.Select(identity => new Publication { Identity = identity }) },
                    Subscriptions =
                    {
                        identities.SelectMany(one => identities.Select(other => new Subscription
                        { SubscriberIdentity = one, PublisherIdentity = other, TrackSid = "TR_0123456789AB", BytesSent = 1L << 40 })),
                    },
                },
                new RoomStats
                {
                    Name = "small",
                    Publications = { new Publication { Identity = "ada" } },
                    Lines = { new Line { Identity = "ada" } },
                },
            },
        };

        WatchStatsResponse[] parts = [.. StatsParts.Of(report)];
        var together = new WatchStatsResponse { Last = true };
        foreach (WatchStatsResponse part in parts)
        {
            foreach (RoomStats room in part.Rooms)
            {
                if (together.Rooms.LastOrDefault() is { } last && last.Name == room.Name)
                    last.MergeFrom(room);
                else
                    together.Rooms.Add(room.Clone());
            }
            WatchStatsResponse rest = part.Clone();
            rest.Rooms.Clear();
            together.MergeFrom(rest);
        }
        report.Last = true;

        Assert.InRange(report.CalculateSize(), 1_000_000, int.MaxValue);
        Assert.Equal(report, together);
        Assert.Equal([.. Enumerable.Repeat(false, parts.Length - 1), true], parts.Select(part => part.Last));
        Assert.All(parts, part => Assert.InRange(part.CalculateSize(), 1, BoundedParts.MaxBytes + (BoundedParts.MaxBytes / 8)));
    }

    [Fact]
    public void Report_of_nothing_is_one_message() =>
        Assert.Equal([new WatchStatsResponse { Last = true }], StatsParts.Of(new WatchStatsResponse()));
}
