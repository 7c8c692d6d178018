using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Surfaces.Whip;

/// <summary>
/// Admits WHIP and WHEP requests, or refuses them. Each is checked in the same order: is the gateway stopping, who asks, may they, is the
/// body what it should be; only then does the media node hear of it.
/// </summary>
internal sealed class WhipAdmission(BearerAuthentication authentication, Readiness readiness, ILiveStreams streams, HttpOptions options)
{
    /// <summary>Reads the offer of a publisher or a viewer.</summary>
    /// <exception cref="ContractException">Draining, one of the Token codes, InvalidStreamName, NotGranted or MalformedSdp.</exception>
    public async Task<(StreamName Stream, AccessToken Token, string Offer)> ReadOfferAsync(HttpContext context, SessionKind kind)
    {
        if (readiness.IsDraining)
            throw new ContractException(ErrorCode.Draining, "The gateway is stopping and takes no new session; try another one.");
        AccessToken token = await authentication.AuthenticateAsync(context.Request);
        if (!StreamName.TryParse(context.Request.RouteValues["stream"] as string, out StreamName stream))
        {
            throw new ContractException(
                ErrorCode.InvalidStreamName, $"Write 1 to {StreamName.MaxLength} letters, digits, '-', '.', '_' or '~'.");
        }
        token.Require(kind, stream);
        string offer =
            await RequestBody.ReadAsync(context.Request, WhipEndpoints.SdpType, options.MaxBodyBytes, ErrorCode.MalformedSdp);
        return (stream, token, offer);
    }

    /// <summary>
    /// A session is changed with a token of the identity that opened it and of the same grant (RFC 9725 section 4.7);
    /// its URL alone is not enough.
    /// </summary>
    /// <exception cref="ContractException">One of the Token codes, SessionNotFound, NotGranted or NotSessionOwner.</exception>
    public async Task<(SessionId Id, SessionInfo Session)> AuthorizeSessionAsync(HttpContext context)
    {
        AccessToken token = await authentication.AuthenticateAsync(context.Request);
        if (!SessionId.TryParse(context.Request.RouteValues["id"] as string, out SessionId id)
            || !streams.TryGetSession(id, out SessionInfo? session)
            || session.Kind != KindOf(context.Request))
        {
            throw new ContractException(ErrorCode.SessionNotFound, "The session has ended, or never was.");
        }
        token.Require(session.Kind, session.Stream);
        if (token.Identity != session.Identity)
            throw new ContractException(ErrorCode.NotSessionOwner, "Use a token of the identity that opened the session.");
        return (id, session);
    }

    private static SessionKind KindOf(HttpRequest request)
        => request.Path.StartsWithSegments(WhipEndpoints.WhipPath, StringComparison.OrdinalIgnoreCase) ? SessionKind.Whip
            : SessionKind.Whep;
}
