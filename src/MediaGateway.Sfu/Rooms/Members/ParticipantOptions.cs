using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Description of somebody who joins, and how its client wants to be served.</summary>
public sealed record ParticipantOptions
{
    public required string Identity { get; init; }

    public string Name { get; init; } = "";

    public string Metadata { get; init; } = "";

    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ParticipantKind Kind { get; init; }

    public ParticipantPermissions Permissions { get; init; } = new();

    /// <summary>True when it is sent every track that it may have, or only those that it asks for.</summary>
    public bool AutoSubscribe { get; init; } = true;

    /// <summary>
    /// True when there is one connection for both ways, on which only the client offers, instead of two, of which the gateway
    /// offers the one for what the participant receives.
    /// </summary>
    public bool SinglePeerConnection { get; init; }

    /// <summary>
    /// True when a media section that was not announced by <see cref="TrackRequest"/> is published as it is, as plain pages need.
    /// </summary>
    public bool PublishesUnannounced { get; init; }

    /// <summary>LiveKit's client_protocol number, passed on to the others.</summary>
    public int ClientProtocol { get; init; }

    public ImmutableArray<int> Capabilities { get; init; } = [];
}
