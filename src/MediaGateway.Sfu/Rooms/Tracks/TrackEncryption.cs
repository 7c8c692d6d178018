namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Kind of end-to-end encryption of a track's frames: subscribers are told, and nothing here depends on it.</summary>
public enum TrackEncryption
{
    None,
    Gcm,
    Custom,
}
