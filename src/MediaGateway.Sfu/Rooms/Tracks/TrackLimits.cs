namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Limits of what is forwarded of a video track, whatever its subscribers ask for.</summary>
/// <param name="MaxQuality">Highest layer; <see cref="VideoQuality.Off"/> for nothing at all; null for no limit.</param>
/// <param name="MaxBitrate">
/// Highest declared rate of a layer that is forwarded, bits per second; the lowest layer in any case. 0 for no limit.
/// </param>
public sealed record TrackLimits(VideoQuality? MaxQuality, long MaxBitrate)
{
    public static readonly TrackLimits None = new(null, 0);
}
