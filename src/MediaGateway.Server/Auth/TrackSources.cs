namespace MediaGateway.Server.Auth;

/// <summary>The sources that a grant lets a participant publish, <c>canPublishSources</c>.</summary>
[Flags]
internal enum TrackSources
{
    None = 0,
    Camera = 1,
    Microphone = 2,
    ScreenShare = 4,
    ScreenShareAudio = 8,
    All = Camera | Microphone | ScreenShare | ScreenShareAudio,
    Audio = Microphone | ScreenShareAudio,
    Video = Camera | ScreenShare,
}
