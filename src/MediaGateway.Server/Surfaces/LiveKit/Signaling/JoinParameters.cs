using System.Collections.Immutable;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Parameters of the URL that a client connects to.</summary>
internal sealed record JoinParameters
{
    /// <summary>The version of the protocol that the gateway speaks, and that a page without an SDK is taken to speak.</summary>
    public const int CurrentProtocol = 17;

    /// <summary>True when one connection carries media both ways; otherwise each way has its own.</summary>
    public required bool SinglePeerConnection { get; init; }

    /// <summary>Written by hand, without one of LiveKit's SDKs: it neither names an SDK nor sends a join request.</summary>
    public bool IsPlainPage { get; init; }

    /// <summary>True when it is answered in JSON before it has said anything.</summary>
    public bool StartsInJson { get; init; }

    public int Protocol { get; init; } = CurrentProtocol;

    public int ClientProtocol { get; init; }

    public ImmutableArray<int> Capabilities { get; init; } = [];

    public bool AutoSubscribe { get; init; } = true;

    /// <summary>Takes up a participant that has lost its signaling, instead of joining.</summary>
    public bool IsReconnect { get; init; }

    /// <summary>Sid of the participant to resume; null to find it by identity alone.</summary>
    public ParticipantSid? ParticipantSid { get; init; }

    /// <summary>Empty leaves the token's.</summary>
    public string Metadata { get; init; } = "";

    /// <summary>Merged into the token's.</summary>
    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Requests to be served right after joining or resuming, as if they had come then.</summary>
    public ImmutableArray<SignalRequest> FirstRequests { get; init; } = [];
}
