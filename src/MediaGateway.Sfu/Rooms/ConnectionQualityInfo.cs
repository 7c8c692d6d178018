using MediaGateway.Sfu.Quality;

namespace MediaGateway.Sfu.Rooms;

/// <param name="Participant">Whose connection.</param>
/// <param name="Quality">In one word.</param>
/// <param name="Score">0 to 5, a mean opinion score.</param>
public readonly record struct ConnectionQualityInfo(ParticipantSid Participant, ConnectionQuality Quality, float Score);
