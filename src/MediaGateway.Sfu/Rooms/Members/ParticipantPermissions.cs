using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Rights of a participant, which may be changed while it is in the room.</summary>
public sealed record ParticipantPermissions
{
    public bool CanSubscribe { get; init; } = true;

    public bool CanPublish { get; init; } = true;

    public bool CanPublishData { get; init; } = true;

    /// <summary>Sources that it may publish; empty for all.</summary>
    public ImmutableArray<TrackSource> CanPublishSources { get; init; } = [];

    public bool CanUpdateMetadata { get; init; }

    /// <summary>True when the others do not learn of it.</summary>
    public bool Hidden { get; init; }

    public bool Recorder { get; init; }

    public bool Agent { get; init; }

    public bool Allows(TrackSource source) => CanPublish && (CanPublishSources.IsEmpty || CanPublishSources.Contains(source));
}
