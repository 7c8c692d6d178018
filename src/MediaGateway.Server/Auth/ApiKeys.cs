using System.Diagnostics.CodeAnalysis;
using System.Text;
using MediaGateway.Server.Options;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.Server.Auth;

/// <summary>The configured API keys, ready to sign and to verify.</summary>
internal sealed class ApiKeys(AuthOptions options)
{
    private readonly Dictionary<string, SymmetricSecurityKey> _keys =
        options.Keys.ToDictionary(pair => pair.Key, pair => SigningKey(pair.Value.Reveal()), StringComparer.Ordinal);

    /// <summary>Name of the key that is configured first.</summary>
    public string First => _keys.Keys.First();

    public bool TryGet(string name, [NotNullWhen(true)] out SymmetricSecurityKey? key) => _keys.TryGetValue(name, out key);

    /// <summary>Signs a token with a key that is configured.</summary>
    /// <exception cref="KeyNotFoundException">It is not.</exception>
    public string Issue(string name, TokenRequest request, DateTimeOffset now) => TokenIssuer.Issue(name, _keys[name], request, now);

    /// <summary>Signs a token that vouches for a request's body, as LiveKit's webhooks have it.</summary>
    /// <exception cref="KeyNotFoundException">The key is not configured.</exception>
    public string IssueForBody(string name, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        TokenIssuer.IssueForBody(name, _keys[name], body, now);

    public static SymmetricSecurityKey SigningKey(string secret) => new(Encoding.UTF8.GetBytes(secret));
}
