using System.Collections.Immutable;
using System.Text.Json;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Server.Auth;

/// <summary>What a token says about its bearer, for the others in the room.</summary>
internal sealed record ParticipantClaims
{
    public string Name { get; init; } = "";

    public string Metadata { get; init; } = "";

    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ParticipantKind Kind { get; init; }

    /// <param name="payload">The token's payload.</param>
    /// <param name="claims">What it says; nothing when a claim has another type than it should.</param>
    public static bool TryRead(JsonElement payload, out ParticipantClaims claims)
    {
        claims = new ParticipantClaims();
        if (!TryReadText(payload, "name", out string name)
            || !TryReadText(payload, "metadata", out string metadata)
            || !TryReadText(payload, "kind", out string kind)
            || !TryReadAttributes(payload, out ImmutableDictionary<string, string> attributes))
        {
            return false;
        }
        claims = new ParticipantClaims { Name = name, Metadata = metadata, Attributes = attributes, Kind = KindNamed(kind) };
        return true;
    }

    private static bool TryReadText(JsonElement payload, string name, out string text)
    {
        text = "";
        return !TryGetClaim(payload, name, out JsonElement claim) || JsonText.TryGet(claim, out text);
    }

    private static bool TryReadAttributes(JsonElement payload, out ImmutableDictionary<string, string> attributes)
    {
        attributes = ImmutableDictionary<string, string>.Empty;
        if (!TryGetClaim(payload, "attributes", out JsonElement claim))
            return true;
        if (claim.ValueKind != JsonValueKind.Object)
            return false;
        ImmutableDictionary<string, string>.Builder read = attributes.ToBuilder();
        foreach (JsonProperty property in claim.EnumerateObject())
        {
            if (!JsonText.TryGet(property.Value, out string value) || !JsonText.TryGetName(property, out string name))
                return false;
            read[name] = value;
        }
        attributes = read.ToImmutable();
        return true;
    }

    private static bool TryGetClaim(JsonElement payload, string name, out JsonElement claim)
        => payload.TryGetProperty(name, out claim) && claim.ValueKind != JsonValueKind.Null;

    /// <summary>A kind that the gateway does not know is served like anybody.</summary>
    private static ParticipantKind KindNamed(string kind) => kind switch
    {
        "ingress" => ParticipantKind.Ingress,
        "egress" => ParticipantKind.Egress,
        "sip" => ParticipantKind.Sip,
        "agent" => ParticipantKind.Agent,
        _ => ParticipantKind.Standard,
    };
}
