using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>Whether a participant is sent a track that it subscribes to and wants.</summary>
/// <param name="Publisher">Whose track.</param>
/// <param name="Track">Which.</param>
/// <param name="Paused">Not, for the gateway has too much to do.</param>
public sealed record StreamStateInfo(ParticipantSid Publisher, TrackSid Track, bool Paused);
