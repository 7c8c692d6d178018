using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// Numbers of a live stream at one moment, over the viewers that are there, since each came, without those of single sources.
/// </summary>
/// <param name="Name">Name of the stream.</param>
/// <param name="ViewerCount">Number of viewers, connected or connecting.</param>
/// <param name="PacketsSent">Packets sent to all of them.</param>
/// <param name="BytesSent">Payload sent to all of them, bytes.</param>
/// <param name="PacketsLost">Packets lost on the way to them, as they reported last.</param>
/// <param name="WorstFractionLost">Largest fraction of packets lost that one of them reported last, 0 to 1.</param>
/// <param name="LongestRoundTrip">Longest round trip to one of them; null before the first report.</param>
/// <param name="LimitedViewers">Number of viewers whose video is limited, by the cause of the limit.</param>
/// <param name="Lines">Numbers of each viewer's line.</param>
/// <param name="LayerViewers">Number of viewers by the spatial layer, or encoding, that they are sent; -1 stands for none.</param>
/// <param name="Sources">The stream's sources.</param>
public sealed record LiveStreamStats(
    string Name,
    int ViewerCount,
    long PacketsSent,
    long BytesSent,
    long PacketsLost,
    double WorstFractionLost,
    TimeSpan? LongestRoundTrip,
    ImmutableSortedDictionary<LimitCause, int> LimitedViewers,
    ImmutableArray<LineStats> Lines,
    ImmutableSortedDictionary<int, int> LayerViewers,
    ImmutableArray<SourceInfo> Sources)
{
    /// <summary>Adds up the numbers of these viewers.</summary>
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
            viewers.Select(CauseOf).Where(cause => cause != LimitCause.None).CountBy(cause => cause)
                .ToImmutableSortedDictionary(),
            [.. viewers.Select(viewer => viewer.MeasureLine())],
            viewers.Select(LayerOf).OfType<int>().CountBy(layer => layer).ToImmutableSortedDictionary(),
            sources);
    }

    /// <summary>The sum with the numbers of the stream's viewers on another worker.</summary>
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
            LimitedViewers = Sum(LimitedViewers, other.LimitedViewers),
            Lines = Lines.AddRange(other.Lines),
            LayerViewers = Sum(LayerViewers, other.LayerViewers),
        };
    }

    private static ImmutableSortedDictionary<TKey, int> Sum<TKey>(
        ImmutableSortedDictionary<TKey, int> one, ImmutableSortedDictionary<TKey, int> other)
        where TKey : notnull =>
        one.Concat(other).GroupBy(count => count.Key, count => count.Value)
            .ToImmutableSortedDictionary(count => count.Key, count => count.Sum());

    /// <summary>Returns the layer that a viewer is sent, -1 for none; null for a viewer without video.</summary>
    private static int? LayerOf(Viewer viewer) =>
        viewer.Subscriptions.FirstOrDefault(subscription => subscription.Kind == MediaKind.Video) is { } video
            ? video.Layers?.Spatial ?? -1
            : null;

    /// <summary>Returns the cause of the limit on a viewer's video; none for a viewer without video.</summary>
    private static LimitCause CauseOf(Viewer viewer) => viewer.Subscriptions
        .Where(subscription => subscription.Kind == MediaKind.Video)
        .Select(subscription => subscription.Limit.Cause)
        .FirstOrDefault(cause => cause != LimitCause.None);
}
