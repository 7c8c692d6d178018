namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>What of a video track is forwarded at most, whatever its subscribers ask for.</summary>
/// <param name="MaxQuality">The highest layer; <see cref="VideoQuality.Off"/> for nothing at all; null for no limit.</param>
/// <param name="MaxBitrate">Of the layers whose rate its publisher declared, the highest that is not above this, the lowest in any case; bits per second, 0 for no limit.</param>
public sealed record TrackLimits(VideoQuality? MaxQuality, long MaxBitrate)
{
    public static readonly TrackLimits None = new(null, 0);
}
