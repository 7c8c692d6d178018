using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Which of a publisher's tracks one participant may subscribe to. Named by sid or, where that is null, by identity.</summary>
public sealed record TrackPermission(ParticipantSid? Participant, string Identity, bool AllTracks, ImmutableArray<TrackSid> Tracks);
