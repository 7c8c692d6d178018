using MediaGateway.Server.Surfaces.Control;
using MediaGateway.Sfu.Rooms.Tracks;
using LimitCause = MediaGateway.Sfu.Media.LimitCause;
using VideoQuality = MediaGateway.Sfu.Rooms.Tracks.VideoQuality;

namespace MediaGateway.Server.Tests.Control;

public sealed class ControlModelsTests
{
    [Fact]
    public void Subscription_says_what_limits_it()
    {
        (LimitCause Cause, V1.LimitCause Told)[] causes =
        [
            (LimitCause.None, V1.LimitCause.Unspecified), (LimitCause.Wish, V1.LimitCause.Wish),
            (LimitCause.Director, V1.LimitCause.Director), (LimitCause.Overload, V1.LimitCause.Overload),
            (LimitCause.Bandwidth, V1.LimitCause.Bandwidth),
        ];
        Assert.Equal(Enum.GetValues<LimitCause>(), causes.Select(one => one.Cause));
        Assert.All(causes, one => Assert.Equal(one.Told, ControlModels.Of(new SubscriptionStats
        {
            Track = new TrackSid("TR_1"),
            Publisher = "ada",
            Subscriber = "ben",
            IsBound = true,
            RequestedQuality = VideoQuality.High,
            LimitedBy = one.Cause,
        }).LimitedBy));
    }
}
