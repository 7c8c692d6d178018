using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>What a participant may do; may be changed while it is in the room.</summary>
public sealed record ParticipantPermissions
{
    public bool CanSubscribe { get; init; } = true;

    public bool CanPublish { get; init; } = true;

    public bool CanPublishData { get; init; } = true;

    /// <summary>Sources it may publish; empty means all.</summary>
    public ImmutableArray<TrackSource> CanPublishSources { get; init; } = [];

    public bool CanUpdateMetadata { get; init; }

    /// <summary>Others don't learn of it.</summary>
    public bool Hidden { get; init; }

    public bool Recorder { get; init; }

    public bool Agent { get; init; }

    public bool Allows(TrackSource source) => CanPublish && (CanPublishSources.IsEmpty || CanPublishSources.Contains(source));
}
