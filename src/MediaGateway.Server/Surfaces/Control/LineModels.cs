using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Rooms.Members;
using FeedbackKind = MediaGateway.Rtc.Bandwidth.FeedbackKind;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Lines of participants and viewers as the control API's messages.</summary>
internal static class LineModels
{
    public static V1.Line Of(ParticipantLine measured) => new()
    {
        Identity = measured.Identity,
        EstimatedBitsPerSecond = measured.Line.Estimate?.BitsPerSecond ?? 0,
        SentBitsPerSecond = measured.Line.SentRate.BitsPerSecond,
        QueueDelay = Duration.FromTimeSpan(measured.Line.QueueDelay),
        FractionLost = measured.Line.Loss,
        RoundTripTime = measured.Line.RoundTrip is { } roundTrip ? Duration.FromTimeSpan(roundTrip) : null,
        Feedback = Of(measured.Line.Feedback),
        FillerBytesSent = measured.Line.FillerBytesSent,
        Congested = measured.Line.IsCongested,
        LimitedVideos = measured.Line.LimitedVideos,
        PausedVideos = measured.Line.PausedVideos,
        LargestHeight = measured.LargestHeight,
    };

    /// <summary>Sums up the lines of a live stream's viewers.</summary>
    public static V1.ViewerLines Of(ImmutableArray<LineStats> lines)
    {
        Bitrate[] estimates = [.. lines.Select(line => line.Estimate).OfType<Bitrate>().Order()];
        return new V1.ViewerLines
        {
            EstimatedViewers = estimates.Length,
            LowestBitsPerSecond = estimates.FirstOrDefault().BitsPerSecond,
            MedianBitsPerSecond = estimates.ElementAtOrDefault((estimates.Length - 1) / 2).BitsPerSecond,
            LongestQueueDelay = Duration.FromTimeSpan(lines.Select(line => line.QueueDelay).DefaultIfEmpty().Max()),
            CongestedViewers = lines.Count(line => line.IsCongested),
            PausedViewers = lines.Count(line => line.PausedVideos > 0),
            FillerBytesSent = lines.Sum(line => line.FillerBytesSent),
            Feedback =
            {
                lines.CountBy(line => line.Feedback).OrderBy(count => count.Key)
                    .Select(count => new V1.FeedbackViewers { Kind = Of(count.Key), ViewerCount = count.Value }),
            },
        };
    }

    private static V1.FeedbackKind Of(FeedbackKind kind) => kind switch
    {
        FeedbackKind.ReceiverReports => V1.FeedbackKind.ReceiverReports,
        FeedbackKind.Remb => V1.FeedbackKind.Remb,
        FeedbackKind.TransportWide => V1.FeedbackKind.TransportWide,
        _ => V1.FeedbackKind.Unspecified,
    };
}
