using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Surfaces.Control;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Rooms.Members;
using FeedbackKind = MediaGateway.Rtc.Bandwidth.FeedbackKind;

namespace MediaGateway.Server.Tests.Control;

public sealed class LineModelsTests
{
    [Fact]
    public void Line_of_a_participant_has_every_number()
    {
        LineStats measured = LineOf(812_000) with { RoundTrip = TimeSpan.FromMilliseconds(40), LimitedVideos = 3, PausedVideos = 1 };

        Assert.Equal(
            new V1.Line
            {
                Identity = "ada",
                EstimatedBitsPerSecond = 812_000,
                SentBitsPerSecond = 700_000,
                QueueDelay = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMilliseconds(20)),
                FractionLost = 0.01,
                RoundTripTime = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMilliseconds(40)),
                Feedback = V1.FeedbackKind.TransportWide,
                FillerBytesSent = 5000,
                Congested = true,
                LimitedVideos = 3,
                PausedVideos = 1,
                LargestHeight = 360,
            },
            LineModels.Of(new ParticipantLine("ada", measured, 360)));
    }

    [Fact]
    public void Lines_of_viewers_are_summed_up()
    {
        V1.ViewerLines summed = LineModels.Of(
        [
            LineOf(4_000_000),
            LineOf(800_000) with { QueueDelay = TimeSpan.FromMilliseconds(90), PausedVideos = 1, LimitedVideos = 1 },
            LineOf(null) with { Feedback = FeedbackKind.None, IsCongested = false },
            LineOf(3_000_000) with { Feedback = FeedbackKind.Remb, IsCongested = false },
            LineOf(2_000_000),
        ]);

        Assert.Equal((4, 800_000, 2_000_000), (summed.EstimatedViewers, summed.LowestBitsPerSecond, summed.MedianBitsPerSecond));
        Assert.Equal(TimeSpan.FromMilliseconds(90), summed.LongestQueueDelay.ToTimeSpan());
        Assert.Equal((3, 1, 25_000), (summed.CongestedViewers, summed.PausedViewers, summed.FillerBytesSent));
        Assert.Equal(
            [(V1.FeedbackKind.Unspecified, 1), (V1.FeedbackKind.Remb, 1), (V1.FeedbackKind.TransportWide, 3)],
            summed.Feedback.Select(feedback => (feedback.Kind, feedback.ViewerCount)));
    }

    [Fact]
    public void Nobody_has_no_line() =>
        Assert.Equal(new V1.ViewerLines { LongestQueueDelay = new Google.Protobuf.WellKnownTypes.Duration() }, LineModels.Of([]));

    [Fact]
    public void Every_kind_of_feedback_has_a_name_of_its_own() => Assert.Equal(
        Enum.GetValues<V1.FeedbackKind>(),
        Enum.GetValues<FeedbackKind>()
            .Select(kind => LineModels.Of(new ParticipantLine("", LineOf(1) with { Feedback = kind }, 0)).Feedback));

    private static LineStats LineOf(int? estimate) => new(
        estimate is { } rate ? new Bitrate(rate) : null,
        new Bitrate(700_000),
        TimeSpan.FromMilliseconds(20),
        Loss: 0.01,
        RoundTrip: null,
        FeedbackKind.TransportWide,
        FillerBytesSent: 5000,
        IsCongested: true,
        LimitedVideos: 0,
        PausedVideos: 0);
}
