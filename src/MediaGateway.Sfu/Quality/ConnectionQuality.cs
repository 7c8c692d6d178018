namespace MediaGateway.Sfu.Quality;

/// <summary>Quality of a connection, as its user would put it.</summary>
public enum ConnectionQuality
{
    Poor,
    Good,
    Excellent,

    /// <summary>The connection is lost: nothing at all arrives from the participant, although it should.</summary>
    Lost,
}
