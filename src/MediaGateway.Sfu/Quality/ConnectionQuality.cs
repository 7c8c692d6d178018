namespace MediaGateway.Sfu.Quality;

public enum ConnectionQuality
{
    Poor,
    Good,
    Excellent,

    /// <summary>Nothing at all arrives from the participant, although it should.</summary>
    Lost,
}
