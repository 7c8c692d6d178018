using MediaGateway.Sfu.Quality;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>Quality of a participant's connection.</summary>
/// <param name="Participant">Sid of the participant.</param>
/// <param name="Quality">Quality in one word.</param>
/// <param name="Score">Mean opinion score, 0 to 5.</param>
/// <param name="Line">What the line to the participant does to its video.</param>
public readonly record struct ConnectionQualityInfo(
    ParticipantSid Participant, ConnectionQuality Quality, float Score, LineInfo Line = default)
{
    /// <summary>The same for others, whom the participant's bandwidth does not concern: only what it cannot see.</summary>
    public ConnectionQualityInfo ForOthers => this with { Line = Line with { Estimate = null } };
}
