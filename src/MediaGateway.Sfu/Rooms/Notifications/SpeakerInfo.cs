using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>A member that has begun or ceased to speak, or whose level has changed.</summary>
/// <param name="Participant">Sid of the member.</param>
/// <param name="Level">Loudness, 0 to 1, linear; 0 when it no longer speaks.</param>
/// <param name="Active">Whether it speaks now.</param>
public readonly record struct SpeakerInfo(ParticipantSid Participant, float Level, bool Active);
