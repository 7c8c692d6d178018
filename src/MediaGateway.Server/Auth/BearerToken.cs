using System.Diagnostics.CodeAnalysis;

namespace MediaGateway.Server.Auth;

/// <summary>The token in an Authorization header, or in the metadata entry of that name (RFC 6750 section 2.1).</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <param name="header">The header's value; empty when there is none.</param>
    /// <param name="token">The token, not yet looked at.</param>
    public static bool TryRead(string header, [NotNullWhen(true)] out string? token)
    {
        token = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length > Scheme.Length
            ? header[Scheme.Length..].Trim()
            : null;
        return token is not null;
    }
}
