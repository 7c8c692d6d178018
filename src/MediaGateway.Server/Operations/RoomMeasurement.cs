using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Operations;

/// <summary>The numbers of a room's tracks, of all subscriptions to them, and of its participants' lines.</summary>
internal sealed record RoomMeasurement(
    ImmutableArray<PublicationStats> Publications,
    ImmutableArray<SubscriptionStats> Subscriptions,
    ImmutableArray<ParticipantLine> Lines);
