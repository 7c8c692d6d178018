using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>A member of a room at one moment, safe to hand to other threads.</summary>
public sealed record ParticipantInfo
{
    public required ParticipantSid Sid { get; init; }

    public required string Identity { get; init; }

    public required string Name { get; init; }

    public required string Metadata { get; init; }

    public required ImmutableDictionary<string, string> Attributes { get; init; }

    public required ParticipantKind Kind { get; init; }

    public required ParticipantState State { get; init; }

    public required ParticipantPermissions Permissions { get; init; }

    /// <summary>Unix time of the join, milliseconds.</summary>
    public required long JoinedAt { get; init; }

    /// <summary>Number of the join among all of the room's, from 1: whoever joins later has a greater one.</summary>
    public int JoinNumber { get; init; }

    /// <summary>All tracks that it publishes: one that is missing is no longer published.</summary>
    public required ImmutableArray<TrackInfo> Tracks { get; init; }

    public required bool IsPublisher { get; init; }

    /// <summary>Number that grows with every change; clients drop what is older than what they have.</summary>
    public required int Version { get; init; }

    /// <summary>Reason of its end, set once it is <see cref="ParticipantState.Disconnected"/>.</summary>
    public DisconnectReason DisconnectReason { get; init; }

    /// <summary>Name of the room that it is in, when it is only shown in this one; empty otherwise.</summary>
    public string ForwardedFrom { get; init; } = "";

    public int ClientProtocol { get; init; }

    public ImmutableArray<int> Capabilities { get; init; } = [];
}
