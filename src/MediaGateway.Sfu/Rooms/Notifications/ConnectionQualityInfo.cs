using MediaGateway.Sfu.Quality;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <param name="Participant">Whose connection.</param>
/// <param name="Quality">In one word.</param>
/// <param name="Score">0 to 5, a mean opinion score.</param>
public readonly record struct ConnectionQualityInfo(ParticipantSid Participant, ConnectionQuality Quality, float Score);
