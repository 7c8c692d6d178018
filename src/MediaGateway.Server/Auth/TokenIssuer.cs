using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.Server.Auth;

/// <summary>Signs tokens that <see cref="TokenValidator"/> and LiveKit's own SDKs understand.</summary>
internal static class TokenIssuer
{
    private static readonly FrozenSet<string> Permitted = FrozenSet.ToFrozenSet<string>(
        ["canPublish", "canSubscribe", "canPublishData", "canUpdateOwnMetadata", "hidden", "canPublishSources"]);

    private static readonly TimeSpan BodyLifetime = TimeSpan.FromMinutes(5);

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public static string Issue(string key, string secret, TokenRequest request, DateTimeOffset now) =>
        Issue(key, ApiKeys.SigningKey(secret), request, now);

    public static string Issue(string key, SymmetricSecurityKey signingKey, TokenRequest request, DateTimeOffset now)
    {
        Dictionary<string, object> claims = new()
        {
            [JwtRegisteredClaimNames.Sub] = request.Identity,
            ["video"] = JsonSerializer.SerializeToElement(VideoClaimOf(request), TokenJson.Default.VideoClaim),
        };
        AddText(claims, "name", request.Name);
        AddText(claims, "metadata", request.Metadata);
        if (!request.Attributes.IsEmpty)
            claims["attributes"] = request.Attributes.ToDictionary(pair => pair.Key, object (pair) => pair.Value);
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = key,
            NotBefore = now.UtcDateTime,
            Expires = (now + request.ValidFor).UtcDateTime,
            Claims = claims,
            SigningCredentials = Credentials(signingKey),
        });
    }

    /// <summary>A token that is good for a body only: its <c>sha256</c> is the body's, in base64.</summary>
    public static string IssueForBody(string key, SymmetricSecurityKey signingKey, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = key,
            NotBefore = now.UtcDateTime,
            Expires = (now + BodyLifetime).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sha256"] = Convert.ToBase64String(SHA256.HashData(body)) },
            SigningCredentials = Credentials(signingKey),
        });

    /// <summary>Signs a token again with another expiry. Every claim stays, even those that mean nothing to the gateway.</summary>
    /// <param name="token">The token.</param>
    /// <param name="key">What signed it.</param>
    /// <param name="expires">Until when the new one is good.</param>
    /// <param name="permissions">What its bearer may do now; null for what the token says.</param>
    public static string Renew(JsonWebToken token, SymmetricSecurityKey key, DateTimeOffset expires, ParticipantPermissions? permissions)
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
                if (name == "video" && permissions is not null)
                    WriteVideoClaim(writer, claim.Value, permissions);
                else
                    writer.WriteRawValue(claim.Value.GetRawText(), skipInputValidation: true);
            }
            writer.WriteNumber(JwtRegisteredClaimNames.Exp, expires.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }
        return Handler.CreateToken(Encoding.UTF8.GetString(renewed.ToArray()), Credentials(key));
    }

    /// <summary>The grants as they are, but for those that the permissions replace.</summary>
    private static void WriteVideoClaim(Utf8JsonWriter writer, JsonElement claim, ParticipantPermissions permissions)
    {
        writer.WriteStartObject();
        foreach (JsonProperty grant in claim.EnumerateObject())
        {
            if (!JsonText.TryGetName(grant, out string name) || Permitted.Contains(name))
                continue;
            writer.WritePropertyName(name);
            writer.WriteRawValue(grant.Value.GetRawText(), skipInputValidation: true);
        }
        writer.WriteBoolean("canPublish", permissions.CanPublish);
        writer.WriteBoolean("canSubscribe", permissions.CanSubscribe);
        writer.WriteBoolean("canPublishData", permissions.CanPublishData);
        writer.WriteBoolean("canUpdateOwnMetadata", permissions.CanUpdateMetadata);
        writer.WriteBoolean("hidden", permissions.Hidden);
        writer.WriteStartArray("canPublishSources");
        foreach (TrackSource source in permissions.CanPublishSources)
            writer.WriteStringValue(NameOf(source));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Grants that are not given are left out, so that tokens stay short.</summary>
    private static VideoClaim VideoClaimOf(TokenRequest request)
    {
        bool joins = request.Room.Length > 0;
        return new VideoClaim
        {
            RoomJoin = joins ? true : null,
            Room = joins ? request.Room : null,
            CanPublish = joins ? request.CanPublish : null,
            CanSubscribe = joins ? request.CanSubscribe : null,
            CanPublishData = joins ? request.CanPublishData : null,
            CanPublishSources = request.CanPublishSources.IsEmpty ? null : [.. request.CanPublishSources.Select(NameAsJson)],
            CanUpdateOwnMetadata = Flag(request.CanUpdateOwnMetadata),
            RoomCreate = Flag(request.RoomCreate),
            RoomList = Flag(request.RoomList),
            RoomAdmin = Flag(request.RoomAdmin),
            Control = Flag(request.Control),
            NodeAdmin = Flag(request.NodeAdmin),
            Hidden = Flag(request.Hidden),
            Recorder = Flag(request.Recorder),
        };
    }

    private static bool? Flag(bool isGranted) => isGranted ? true : null;

    private static JsonElement NameAsJson(TrackSource source) =>
        JsonSerializer.SerializeToElement(NameOf(source), TokenJson.Default.String);

    private static string NameOf(TrackSource source) => JsonNamingPolicy.SnakeCaseLower.ConvertName(source.ToString());

    private static void AddText(Dictionary<string, object> claims, string name, string value)
    {
        if (value.Length > 0)
            claims[name] = value;
    }

    private static SigningCredentials Credentials(SymmetricSecurityKey key) => new(key, SecurityAlgorithms.HmacSha256);
}
