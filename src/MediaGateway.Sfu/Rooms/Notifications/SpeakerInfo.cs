using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>A change of who speaks.</summary>
/// <param name="Participant">Who.</param>
/// <param name="Level">0 to 1, linear; 0 when no longer active.</param>
/// <param name="Active">Whether it speaks now.</param>
public readonly record struct SpeakerInfo(ParticipantSid Participant, float Level, bool Active);
