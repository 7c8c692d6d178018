using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>
/// Demand for a track's layers, of which the publisher is told (LiveKit's dynacast). A higher demand is told at once, a lower one only
/// after a while, so that a scrolling page does not switch encoders on and off.
/// </summary>
internal sealed class LayerDemand
{
    private static readonly TimeSpan ReleaseAfter = TimeSpan.FromSeconds(3);

    private VideoQuality? _announced;
    private MonotonicTime _lowerSince = MonotonicTime.Never;

    /// <summary>True when the publisher was last told to send at all.</summary>
    public bool IsWanted => _announced is not VideoQuality.Off;

    /// <summary>Takes note of the highest quality wanted now; true when the publisher is to be told <paramref name="announced"/>.</summary>
    public bool Update(VideoQuality wanted, MonotonicTime now, out VideoQuality announced)
    {
        announced = wanted;
        if (Rank(wanted) >= Rank(_announced))
        {
            _lowerSince = MonotonicTime.Never;
            bool isNew = wanted != _announced;
            _announced = wanted;
            return isNew;
        }
        if (_lowerSince.IsNever)
            _lowerSince = now;
        if (now - _lowerSince < ReleaseAfter)
            return false;
        _lowerSince = MonotonicTime.Never;
        _announced = wanted;
        return true;
    }

    /// <summary>Every quality of the track, and whether it is wanted.</summary>
    public static ImmutableDictionary<VideoQuality, bool> Enabled(TrackLayers layers, VideoQuality highest) =>
        layers.Qualities.Distinct().ToImmutableDictionary(quality => quality, quality => highest != VideoQuality.Off && quality <= highest);

    /// <summary>A publisher encodes everything until told otherwise.</summary>
    private static int Rank(VideoQuality? quality) => quality switch
    {
        null => (int)VideoQuality.High,
        VideoQuality.Off => -1,
        _ => (int)quality,
    };
}
