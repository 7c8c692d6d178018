using MediaGateway.Server.Contracts;
using Microsoft.Net.Http.Headers;

namespace MediaGateway.Server.Auth;

/// <summary>Takes the token out of a request (RFC 6750 section 2.1; never out of the URL, where logs would keep it).</summary>
internal sealed class BearerAuthentication(TokenValidator validator)
{
    private const string Scheme = "Bearer ";

    /// <exception cref="ContractException">One of the Token codes.</exception>
    public ValueTask<AccessToken> AuthenticateAsync(HttpRequest request)
    {
        string header = request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length == Scheme.Length)
            throw new ContractException(ErrorCode.TokenMissing, "Send an access token: Authorization: Bearer TOKEN.");
        return validator.ValidateAsync(header[Scheme.Length..].Trim());
    }
}
