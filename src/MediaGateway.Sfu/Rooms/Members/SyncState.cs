using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>State that a client believes to be in after its signaling has come back.</summary>
/// <param name="PublishedTracks">Tracks that it publishes.</param>
/// <param name="Subscriptions">Tracks that it does not want with automatic subscription, else those that it wants.</param>
/// <param name="DisabledTracks">Tracks that it subscribes to but does not show.</param>
/// <param name="LastReceivedSequences">Number of its newest reliable data packet, for each sender.</param>
public sealed record SyncState(
    ImmutableArray<TrackSid> PublishedTracks,
    ImmutableArray<TrackSid> Subscriptions,
    ImmutableArray<TrackSid> DisabledTracks,
    ImmutableDictionary<ParticipantSid, uint> LastReceivedSequences);
