namespace MediaGateway.Sfu.Quality;

/// <summary>How good a connection is, as its user would put it.</summary>
public enum ConnectionQuality
{
    Poor,
    Good,
    Excellent,

    /// <summary>The connection is lost: nothing at all arrives from the participant, although it should.</summary>
    Lost,
}
