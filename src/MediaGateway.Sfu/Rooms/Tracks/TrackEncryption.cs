namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>How a publisher encrypted its frames end to end: told to subscribers, of no consequence here.</summary>
public enum TrackEncryption
{
    None,
    Gcm,
    Custom,
}
