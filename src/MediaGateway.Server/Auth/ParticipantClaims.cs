using System.Collections.Immutable;
using System.Text.Json;
using MediaGateway.Sfu.Rooms;
using Microsoft.IdentityModel.JsonWebTokens;

namespace MediaGateway.Server.Auth;

/// <summary>What a token says about its bearer, for the others in the room.</summary>
internal sealed record ParticipantClaims
{
    public string Name { get; init; } = "";

    public string Metadata { get; init; } = "";

    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ParticipantKind Kind { get; init; }

    public static bool TryRead(JsonWebToken token, out ParticipantClaims claims)
    {
        claims = new ParticipantClaims();
        if (!TryReadText(token, "name", out string name)
            || !TryReadText(token, "metadata", out string metadata)
            || !TryReadText(token, "kind", out string kind)
            || !TryReadAttributes(token, out ImmutableDictionary<string, string> attributes))
        {
            return false;
        }
        claims = new ParticipantClaims { Name = name, Metadata = metadata, Attributes = attributes, Kind = KindNamed(kind) };
        return true;
    }

    private static bool TryReadText(JsonWebToken token, string name, out string text)
    {
        text = "";
        return !TryGetClaim(token, name, out JsonElement claim) || JsonText.TryGet(claim, out text);
    }

    private static bool TryReadAttributes(JsonWebToken token, out ImmutableDictionary<string, string> attributes)
    {
        attributes = ImmutableDictionary<string, string>.Empty;
        if (!TryGetClaim(token, "attributes", out JsonElement claim))
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

    private static bool TryGetClaim(JsonWebToken token, string name, out JsonElement claim)
        => token.TryGetPayloadValue(name, out claim) && claim.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

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
