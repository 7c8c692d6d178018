using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>State of a subscription: whether a participant is sent a track that it subscribes to and wants.</summary>
/// <param name="Publisher">Whose track.</param>
/// <param name="Track">Which track.</param>
/// <param name="PausedBy">Why it is not sent; <see cref="LimitCause.None"/> when it is.</param>
public sealed record StreamStateInfo(ParticipantSid Publisher, TrackSid Track, LimitCause PausedBy)
{
    public bool Paused => PausedBy != LimitCause.None;
}
