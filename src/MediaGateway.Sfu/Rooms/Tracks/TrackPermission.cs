using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>
/// Permission of one participant, named by sid or, where that is null, by identity, to subscribe to tracks of a publisher.
/// </summary>
public sealed record TrackPermission(ParticipantSid? Participant, string Identity, bool AllTracks, ImmutableArray<TrackSid> Tracks);
