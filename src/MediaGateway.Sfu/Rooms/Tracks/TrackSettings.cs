namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>What a subscriber wants of a track for now.</summary>
/// <param name="Disabled">Nothing: not visible.</param>
/// <param name="Quality">At most this layer; dimensions, when given, say more.</param>
/// <param name="Width">Pixels it is shown in; 0 for no wish.</param>
/// <param name="Height">Pixels it is shown in; 0 for no wish.</param>
/// <param name="FramesPerSecond">At most; 0 for no wish.</param>
/// <param name="Priority">1 for the highest, more for less; 0 for no wish. Says which video goes first when not all can be sent.</param>
public readonly record struct TrackSettings(bool Disabled, VideoQuality Quality, int Width, int Height, int FramesPerSecond, int Priority = 0)
{
    public static readonly TrackSettings Default = new(Disabled: false, VideoQuality.High, 0, 0, 0);
}
