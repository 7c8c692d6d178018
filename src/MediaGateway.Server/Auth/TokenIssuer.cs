using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.Server.Auth;

/// <summary>Signs tokens that <see cref="TokenValidator"/> and LiveKit's own SDKs understand.</summary>
internal static class TokenIssuer
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public static string Issue(string key, string secret, TokenRequest request, DateTimeOffset now)
    {
        Dictionary<string, object> video = new()
        {
            ["roomJoin"] = true,
            ["room"] = request.Room,
            ["canPublish"] = request.CanPublish,
            ["canSubscribe"] = request.CanSubscribe,
        };
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = key,
            NotBefore = now.UtcDateTime,
            Expires = (now + request.ValidFor).UtcDateTime,
            Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = request.Identity, ["video"] = video },
            SigningCredentials = new SigningCredentials(ApiKeys.SigningKey(secret), SecurityAlgorithms.HmacSha256),
        });
    }
}
