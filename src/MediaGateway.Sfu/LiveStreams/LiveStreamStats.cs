using System.Collections.Immutable;

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
    ImmutableArray<SourceInfo> Sources);
