using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Who joins, and how it wants to be served.</summary>
public sealed record ParticipantOptions
{
    public required string Identity { get; init; }

    public string Name { get; init; } = "";

    public string Metadata { get; init; } = "";

    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ParticipantKind Kind { get; init; }

    public ParticipantPermissions Permissions { get; init; } = new();

    /// <summary>Whether it gets every track it may have, or only those it asks for.</summary>
    public bool AutoSubscribe { get; init; } = true;

    /// <summary>
    /// One connection for both ways, on which only the client offers; or two, of which the gateway offers the one for
    /// what the participant receives.
    /// </summary>
    public bool SinglePeerConnection { get; init; }

    /// <summary>A media section that nobody announced by <see cref="TrackRequest"/> is published as it is: plain pages.</summary>
    public bool PublishesUnannounced { get; init; }

    /// <summary>LiveKit's client_protocol number and capability numbers, passed on to the others.</summary>
    public int ClientProtocol { get; init; }

    public ImmutableArray<int> Capabilities { get; init; } = [];
}
