namespace MediaGateway.Rtc.Primitives;

public enum MediaKind
{
    Audio,
    Video,
}
