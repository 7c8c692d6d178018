namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Public names of a video track's layers, low to high.</summary>
public enum VideoQuality
{
    Low,
    Medium,
    High,
    Off,
}
