using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.Server.Auth;

/// <summary>Signs tokens that <see cref="TokenValidator"/> and LiveKit's own SDKs understand.</summary>
internal static class TokenIssuer
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public static string Issue(string key, string secret, TokenRequest request, DateTimeOffset now)
    {
        Dictionary<string, object> claims = new() { [JwtRegisteredClaimNames.Sub] = request.Identity, ["video"] = VideoClaim(request) };
        AddText(claims, "name", request.Name);
        AddText(claims, "metadata", request.Metadata);
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = key,
            NotBefore = now.UtcDateTime,
            Expires = (now + request.ValidFor).UtcDateTime,
            Claims = claims,
            SigningCredentials = Credentials(ApiKeys.SigningKey(secret)),
        });
    }

    /// <summary>The same token with another expiry: every claim stays, those that mean nothing here too.</summary>
    public static string Renew(JsonWebToken token, SymmetricSecurityKey key, DateTimeOffset expires)
    {
        using JsonDocument payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        using MemoryStream renewed = new();
        using (Utf8JsonWriter writer = new(renewed))
        {
            writer.WriteStartObject();
            foreach (JsonProperty claim in payload.RootElement.EnumerateObject())
            {
                if (!JsonText.TryGetName(claim, out string name) || name == JwtRegisteredClaimNames.Exp)
                    continue;
                writer.WritePropertyName(name);
                writer.WriteRawValue(claim.Value.GetRawText(), skipInputValidation: true);
            }
            writer.WriteNumber(JwtRegisteredClaimNames.Exp, expires.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }
        return Handler.CreateToken(Encoding.UTF8.GetString(renewed.ToArray()), Credentials(key));
    }

    private static Dictionary<string, object> VideoClaim(TokenRequest request)
    {
        Dictionary<string, object> video = new()
        {
            ["roomJoin"] = true,
            ["room"] = request.Room,
            ["canPublish"] = request.CanPublish,
            ["canSubscribe"] = request.CanSubscribe,
            ["canPublishData"] = request.CanPublishData,
        };
        AddFlag(video, "canUpdateOwnMetadata", request.CanUpdateOwnMetadata);
        AddFlag(video, "roomCreate", request.RoomCreate);
        AddFlag(video, "roomList", request.RoomList);
        AddFlag(video, "roomAdmin", request.RoomAdmin);
        AddFlag(video, "hidden", request.Hidden);
        return video;
    }

    private static void AddFlag(Dictionary<string, object> claims, string name, bool value)
    {
        if (value)
            claims[name] = true;
    }

    private static void AddText(Dictionary<string, object> claims, string name, string value)
    {
        if (value.Length > 0)
            claims[name] = value;
    }

    private static SigningCredentials Credentials(SymmetricSecurityKey key) => new(key, SecurityAlgorithms.HmacSha256);
}
