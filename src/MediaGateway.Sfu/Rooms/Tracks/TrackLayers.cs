using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>The layers of a video track from low to high, and the choice of one by a subscriber's settings.</summary>
internal sealed class TrackLayers
{
    /// <summary>Part of a tile's area that a layer has to cover: the eye would not see that a higher one is finer.</summary>
    private const double AreaTolerance = 0.9;

    /// <summary>
    /// Highest frame rates at which the lowest and the middle temporal layer suffice: encoders with three send 7.5, 15 and 30 a second.
    /// </summary>
    private const int LowestTemporalRate = 8;
    private const int MiddleTemporalRate = 16;

    /// <summary>Order of encodings that were not declared, by LiveKit's convention.</summary>
    private static readonly ImmutableArray<Rid> ConventionalOrder = [new("q"), new("h"), new("f")];

    private readonly ImmutableArray<VideoLayer> _layers;

    public TrackLayers(ImmutableArray<VideoLayer> declared) =>
        _layers = [.. declared.Where(layer => layer.Quality != VideoQuality.Off).OrderBy(layer => layer.Quality)];

    public IEnumerable<VideoQuality> Qualities => _layers.IsEmpty
        ? [VideoQuality.Low, VideoQuality.Medium, VideoQuality.High]
        : _layers.Select(layer => layer.Quality);

    /// <summary>RIDs of simulcast encodings, low to high.</summary>
    public ImmutableArray<Rid> EncodingOrder
    {
        get
        {
            ImmutableArray<Rid> declared = [.. _layers.Where(layer => layer.Rid.Length > 0).Select(layer => new Rid(layer.Rid)).Distinct()];
            return declared.IsEmpty ? ConventionalOrder : declared;
        }
    }

    /// <summary>Highest layer that a subscriber has use for; <see cref="VideoQuality.Off"/> when it has use for none.</summary>
    public VideoQuality QualityOf(TrackSettings settings)
    {
        if (settings.Disabled || settings.Quality == VideoQuality.Off)
            return VideoQuality.Off;
        if (settings.Width <= 0 || settings.Height <= 0)
            return settings.Quality;
        double wanted = (double)settings.Width * settings.Height * AreaTolerance;
        foreach (VideoLayer layer in _layers)
        {
            if ((double)layer.Width * layer.Height >= wanted)
                return layer.Quality;
        }
        return VideoQuality.High;
    }

    /// <summary>Width and height of a layer as they were declared, pixels; zeros when they were not.</summary>
    public (int Width, int Height) SizeOf(LayerState layer) =>
        layer.Spatial < _layers.Length ? (_layers[layer.Spatial].Width, _layers[layer.Spatial].Height) : default;

    /// <summary>The highest layers that a subscriber wishes for.</summary>
    public MaxLayers WishOf(TrackSettings settings)
    {
        VideoQuality quality = QualityOf(settings);
        int temporal = settings.FramesPerSecond switch
        {
            <= 0 => int.MaxValue,
            <= LowestTemporalRate => 0,
            <= MiddleTemporalRate => 1,
            _ => int.MaxValue,
        };
        return new MaxLayers(Paused: quality == VideoQuality.Off, RankOf(quality), temporal);
    }

    /// <summary>The highest layers that limits leave.</summary>
    public MaxLayers MaxLayersOf(TrackLimits limits)
    {
        VideoQuality highest = QualityOf(Limit(TrackSettings.Default, limits));
        return new MaxLayers(Paused: highest == VideoQuality.Off, RankOf(highest), int.MaxValue);
    }

    /// <summary>A subscriber's settings, reduced to what limits allow.</summary>
    public TrackSettings Limit(TrackSettings settings, TrackLimits limits)
    {
        VideoQuality wanted = QualityOf(settings);
        if (limits.MaxQuality == VideoQuality.Off)
            return settings with { Disabled = true };
        VideoQuality highest = limits.MaxQuality ?? VideoQuality.High;
        if (limits.MaxBitrate > 0 && QualityWithin(limits.MaxBitrate) is { } affordable && affordable < highest)
            highest = affordable;
        return wanted == VideoQuality.Off || wanted <= highest ? settings : settings with { Quality = highest, Width = 0, Height = 0 };
    }

    /// <summary>Highest quality within a bit rate; null when no layer's rate was declared.</summary>
    private VideoQuality? QualityWithin(long bitrate)
    {
        VideoLayer? best = null;
        foreach (VideoLayer layer in _layers)
        {
            if (layer.Bitrate > 0 && (best is null || layer.Bitrate <= bitrate))
                best = layer;
        }
        return best?.Quality;
    }

    /// <summary>Rank of a quality: the number of layers below the best one that is not above it.</summary>
    private int RankOf(VideoQuality quality)
    {
        if (quality >= VideoQuality.High)
            return int.MaxValue;
        return _layers.IsEmpty ? (int)quality : Math.Max(0, _layers.Count(layer => layer.Quality <= quality) - 1);
    }
}
