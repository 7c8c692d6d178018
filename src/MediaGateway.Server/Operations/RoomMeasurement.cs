using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Operations;

/// <summary>The numbers of a room's tracks and of all subscriptions to them.</summary>
internal sealed record RoomMeasurement(ImmutableArray<PublicationStats> Publications, ImmutableArray<SubscriptionStats> Subscriptions);
