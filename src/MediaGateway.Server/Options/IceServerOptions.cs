using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Options;

/// <summary>One STUN or TURN server offered to clients, as in the W3C's RTCIceServer.</summary>
internal sealed record IceServerOptions
{
    public IReadOnlyList<string> Urls { get; init; } = [];

    public string Username { get; init; } = "";

    public Secret Credential { get; init; } = Secret.None;
}
