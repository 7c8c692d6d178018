using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>Numbers of one receiver's line at one moment: what it carries, and what of the receiver's video it does not.</summary>
/// <param name="Estimate">Rate that the line carries, on the wire; null while nothing is known, and then nothing is limited.</param>
/// <param name="SentRate">Rate that is sent over it, on the wire.</param>
/// <param name="QueueDelay">Time that packets wait on the way because of what is sent.</param>
/// <param name="Loss">Fraction of packets lost, 0 to 1.</param>
/// <param name="RoundTrip">Round trip; null before it is measured.</param>
/// <param name="Feedback">What the receiver tells of the packets that reach it.</param>
/// <param name="FillerBytesSent">Bytes sent to find out whether the line carries more, since the connection began.</param>
/// <param name="IsCongested">True when more was just sent than it carries, so that its queue is being emptied.</param>
/// <param name="LimitedVideos">Number of videos that it does not carry all of; those that are paused included.</param>
/// <param name="PausedVideos">Number of these that are not sent at all.</param>
public sealed record LineStats(
    Bitrate? Estimate,
    Bitrate SentRate,
    TimeSpan QueueDelay,
    double Loss,
    TimeSpan? RoundTrip,
    FeedbackKind Feedback,
    long FillerBytesSent,
    bool IsCongested,
    int LimitedVideos,
    int PausedVideos)
{
    internal static LineStats Of(CongestionController congestion, VideoShortage shortage) => new(
        congestion.Estimate,
        congestion.SentRate,
        congestion.QueueDelay,
        congestion.Loss,
        congestion.RoundTrip,
        congestion.Feedback,
        congestion.FillerBytesSent,
        congestion.IsCongested,
        shortage.Limited,
        shortage.Paused);
}
