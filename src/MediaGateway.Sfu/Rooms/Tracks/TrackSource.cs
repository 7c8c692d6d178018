namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Kind of device or content that a track comes from; grants may allow some only.</summary>
public enum TrackSource
{
    Unknown,
    Camera,
    Microphone,
    ScreenShare,
    ScreenShareAudio,
}
