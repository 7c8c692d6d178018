using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>What a client believes to be so after its signaling came back.</summary>
/// <param name="PublishedTracks">Tracks of its own.</param>
/// <param name="Subscriptions">With automatic subscription those it does not want, else those it wants.</param>
/// <param name="DisabledTracks">Tracks it is subscribed to but does not show.</param>
/// <param name="LastReceivedSequences">Its newest reliable data packet of each sender.</param>
public sealed record SyncState(
    ImmutableArray<TrackSid> PublishedTracks,
    ImmutableArray<TrackSid> Subscriptions,
    ImmutableArray<TrackSid> DisabledTracks,
    ImmutableDictionary<ParticipantSid, uint> LastReceivedSequences);
