using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Auth;

/// <summary>Takes the token out of a request (RFC 6750 section 2.1; never out of the URL, where logs would keep it).</summary>
internal sealed class BearerAuthentication(TokenValidator validator)
{
    /// <exception cref="ContractException">One of the Token codes.</exception>
    public ValueTask<AccessToken> AuthenticateAsync(HttpRequest request)
    {
        if (!BearerToken.TryRead(request.Headers.Authorization.ToString(), out string? token))
            throw new ContractException(ErrorCode.TokenMissing, "Send an access token: Authorization: Bearer TOKEN.");
        return validator.ValidateAsync(token);
    }
}
