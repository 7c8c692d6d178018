namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>What a track shows or sounds; grants may allow some sources only.</summary>
public enum TrackSource
{
    Unknown,
    Camera,
    Microphone,
    ScreenShare,
    ScreenShareAudio,
}
