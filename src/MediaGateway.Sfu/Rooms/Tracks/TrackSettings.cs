namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Settings of a subscriber for a track, which it may change at any time.</summary>
/// <param name="Disabled">Whether nothing is wanted, because the track is not visible.</param>
/// <param name="Quality">Highest layer that is wanted; the dimensions count instead when they are given.</param>
/// <param name="Width">Width in which it is shown, pixels; 0 when not given.</param>
/// <param name="Height">Height in which it is shown, pixels; 0 when not given.</param>
/// <param name="FramesPerSecond">Most frames a second that are wanted; 0 for no limit.</param>
/// <param name="Priority">Priority when not all video can be sent: 1 is the highest; 0 when not given.</param>
public readonly record struct TrackSettings(bool Disabled, VideoQuality Quality, int Width, int Height, int FramesPerSecond,
    int Priority = 0)
{
    public static readonly TrackSettings Default = new(Disabled: false, VideoQuality.High, 0, 0, 0);
}
