using System.Text.Json;
using MediaGateway.Server.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.Server.Auth;

/// <summary>
/// Verifies HS256 tokens of LiveKit's shape: <c>iss</c> names the API key whose secret signed it, <c>sub</c> the bearer,
/// <c>video</c> the grants. The algorithm is pinned, and <c>exp</c> is required.
/// </summary>
internal sealed class TokenValidator
{
    /// <summary>Time by which the signer's clock may be off.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    /// <summary>Tokens arrive in a header; longer ones are not read.</summary>
    public const int MaxTokenBytes = 8 * 1024;

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxTokenBytes };
    private readonly TokenValidationParameters _parameters;
    private readonly ApiKeys _keys;
    private readonly TimeProvider _clock;

    public TokenValidator(ApiKeys keys, TimeProvider clock)
    {
        _keys = keys;
        _clock = clock;
        _parameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKeyResolver = (_, token, _, _) => KeysOf(token),
            // The issuer selects the key, so the signature already proves it.
            ValidateIssuer = false,
            ValidateAudience = false,
            // Checked below, against the injected clock and with an error code each.
            ValidateLifetime = false,
        };
    }

    /// <exception cref="ContractException">
    /// <see cref="ErrorCode.TokenInvalid"/>, <see cref="ErrorCode.TokenExpired"/> or <see cref="ErrorCode.TokenNotYetValid"/>.
    /// </exception>
    public async ValueTask<AccessToken> ValidateAsync(string token)
    {
        AccessToken verified = await VerifyAsync(token);
        return verified.Identity.IsEmpty ? throw Invalid("its sub, the bearer's identity, is missing or too long") : verified;
    }

    /// <summary>Verifies a token as <see cref="ValidateAsync"/> does, and takes one that names nobody too.</summary>
    /// <exception cref="ContractException">TokenInvalid, TokenExpired or TokenNotYetValid.</exception>
    public async ValueTask<AccessToken> VerifyAsync(string token)
    {
        TokenValidationResult result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken verified)
            throw Invalid("it is not a JWT signed with HS256 by a key of this gateway");
        if (HasCriticalExtension(verified))
            throw Invalid("its header has crit, and the gateway has none of the extensions that may be in it (RFC 7515 section 4.1.11)");
        RequireLifetime(verified);
        // The library has parsed the payload already, but does not tell a text from what looks like one.
        if (!TokenPayload.TryRead(Base64UrlEncoder.DecodeBytes(verified.EncodedPayload), out TokenPayload? payload, out string? problem))
            throw Invalid(problem);
        ParticipantIdentity identity = ParticipantIdentity.TryParse(verified.Subject, out ParticipantIdentity subject) ? subject : default;
        return new AccessToken(identity, payload.ToGrant(), payload.ToClaims(), verified);
    }

    private static bool HasCriticalExtension(JsonWebToken token)
    {
        using JsonDocument header = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedHeader));
        return header.RootElement.TryGetProperty("crit", out _);
    }

    private void RequireLifetime(JsonWebToken token)
    {
        DateTime now = _clock.GetUtcNow().UtcDateTime;
        if (token.ValidTo == DateTime.MinValue)
            throw Invalid("it has no exp");
        if (token.ValidTo <= now - ClockSkew)
            throw new ContractException(ErrorCode.TokenExpired, "The token has expired; ask for a new one.");
        if (token.ValidFrom > now + ClockSkew)
            throw new ContractException(ErrorCode.TokenNotYetValid, "The token's nbf lies in the future; is the signer's clock right?");
    }

    private IEnumerable<SecurityKey> KeysOf(SecurityToken token) => _keys.TryGet(token.Issuer ?? "", out SymmetricSecurityKey? key)
        ? [key] : [];

    private static ContractException Invalid(string reason) => new(ErrorCode.TokenInvalid, $"The token is refused: {reason}.");
}
