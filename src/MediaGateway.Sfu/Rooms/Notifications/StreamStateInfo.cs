using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>Whether a participant is sent a track that it subscribes to and wants.</summary>
/// <param name="Publisher">Sid of the member that publishes the track.</param>
/// <param name="Track">Sid of the track.</param>
/// <param name="Paused">Whether it is not sent because the gateway has too much to do.</param>
public sealed record StreamStateInfo(ParticipantSid Publisher, TrackSid Track, bool Paused);
