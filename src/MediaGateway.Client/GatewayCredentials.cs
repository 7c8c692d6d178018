using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.Client;

/// <summary>Source of access tokens: a token, a callback that fetches one, or an API key that signs them.</summary>
public sealed class GatewayCredentials
{
    /// <summary>Lifetime of the tokens that an API key signs.</summary>
    private static readonly TimeSpan SignedLifetime = TimeSpan.FromMinutes(10);

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly Func<DateTimeOffset, CancellationToken, Task<string>> _issue;

    private GatewayCredentials(Func<DateTimeOffset, CancellationToken, Task<string>> issue) => _issue = issue;

    /// <summary>One token for every call, for programs that end before it does.</summary>
    /// <param name="token">An access token.</param>
    public static GatewayCredentials FromToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return new GatewayCredentials((_, _) => Task.FromResult(token));
    }

    /// <summary>
    /// Tokens from elsewhere, a vault or one's own back end. The callback is called for the first call, before a token expires (its
    /// <c>exp</c> is read; a token without one is kept), and after the gateway has refused one; never twice at a time.
    /// </summary>
    /// <param name="fetch">
    /// Fetches a token. If it fails, so does the call that needs it, unless the token before is good still.
    /// </param>
    public static GatewayCredentials FromCallback(Func<CancellationToken, Task<string>> fetch)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        return new GatewayCredentials((_, cancellationToken) => fetch(cancellationToken));
    }

    /// <summary>Tokens of ten minutes that an API key signs.</summary>
    /// <param name="key">The API key.</param>
    /// <param name="secret">Its secret, at least 32 bytes.</param>
    /// <param name="grants">What the tokens allow.</param>
    /// <param name="identity">Name of the caller in the gateway's audit log.</param>
    public static GatewayCredentials FromApiKey(string key, string secret, GatewayGrants grants, string identity = "client")
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentException.ThrowIfNullOrEmpty(secret);
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentException.ThrowIfNullOrEmpty(identity);
        var signing = new SigningCredentials(
            new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), SecurityAlgorithms.HmacSha256);
        return new GatewayCredentials((now, _) => Task.FromResult(Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = key,
            NotBefore = now.UtcDateTime,
            Expires = (now + SignedLifetime).UtcDateTime,
            Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = identity, ["video"] = grants.ToClaim() },
            SigningCredentials = signing,
        })));
    }

    /// <summary>A new token.</summary>
    internal Task<string> IssueAsync(DateTimeOffset now, CancellationToken cancellationToken) => _issue(now, cancellationToken);
}
