namespace MediaGateway.Sfu.Rooms;

public enum ConnectionQuality
{
    Poor,
    Good,
    Excellent,

    /// <summary>Nothing arrives from the participant, or it reports nothing.</summary>
    Lost,
}
