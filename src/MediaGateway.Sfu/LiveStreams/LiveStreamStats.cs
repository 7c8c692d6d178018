using System.Collections.Immutable;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A live stream with its numbers at one moment: of the viewers that are there, since each came; without those of single sources.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ViewerCount">Viewers, connected or connecting.</param>
/// <param name="PacketsSent">To all of them.</param>
/// <param name="BytesSent">Payload.</param>
/// <param name="PacketsLost">As they reported last.</param>
/// <param name="WorstFractionLost">The worst that one of them reported last: 0 to 1.</param>
/// <param name="LongestRoundTrip">Null before the first report.</param>
/// <param name="Sources">As they are now.</param>
public sealed record LiveStreamStats(
    string Name,
    int ViewerCount,
    long PacketsSent,
    long BytesSent,
    long PacketsLost,
    double WorstFractionLost,
    TimeSpan? LongestRoundTrip,
    ImmutableArray<SourceInfo> Sources)
{
    /// <summary>The numbers of these viewers.</summary>
    internal static LiveStreamStats Of(string name, IReadOnlyCollection<Viewer> viewers, ImmutableArray<SourceInfo> sources)
    {
        RtpSendStream[] sent = [.. viewers.SelectMany(viewer => viewer.Subscriptions).Select(subscription => subscription.Sender.Stream)];
        return new LiveStreamStats(
            name,
            viewers.Count,
            sent.Sum(stream => stream.PacketsSent),
            sent.Sum(stream => stream.PayloadBytesSent),
            sent.Sum(stream => stream.PacketsLost),
            sent.Select(stream => stream.FractionLost).DefaultIfEmpty().Max(),
            sent.Max(stream => stream.RoundTrip),
            sources);
    }

    /// <summary>With those of the stream's viewers on another worker.</summary>
    public LiveStreamStats With(LiveStreamStats other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with
        {
            ViewerCount = ViewerCount + other.ViewerCount,
            PacketsSent = PacketsSent + other.PacketsSent,
            BytesSent = BytesSent + other.BytesSent,
            PacketsLost = PacketsLost + other.PacketsLost,
            WorstFractionLost = Math.Max(WorstFractionLost, other.WorstFractionLost),
            LongestRoundTrip = LongestRoundTrip is { } own && other.LongestRoundTrip is { } others
                ? own > others ? own : others
                : LongestRoundTrip ?? other.LongestRoundTrip,
        };
    }
}
