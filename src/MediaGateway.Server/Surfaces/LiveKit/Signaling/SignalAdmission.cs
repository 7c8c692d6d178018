using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// Admits clients, or refuses them. Each request is checked in the same order: is the gateway stopping, who asks, may they, is what they
/// ask for sound.
/// </summary>
internal sealed class SignalAdmission(TokenValidator tokens, Readiness readiness, GatewayOptions options)
{
    private readonly JoinParametersReader _parameters = new(options.Signaling.MaxMessageBytes);

    /// <param name="context">The client's request.</param>
    /// <param name="isSingle">Whether the client has one connection for both directions.</param>
    /// <exception cref="ContractException">Draining, one of the Token codes, one of the join's, or InvalidRequest.</exception>
    public async Task<AdmittedClient> AdmitAsync(HttpContext context, bool isSingle)
    {
        if (readiness.IsDraining)
            throw new ContractException(ErrorCode.Draining, "The gateway is stopping; try another one.");
        AccessToken token = await tokens.VerifyAsync(TokenOf(context.Request));
        RoomName room = token.RequireJoin();
        if (!_parameters.TryRead(context.Request.Query, isSingle, out JoinParameters? parameters, out string? problem))
            throw new ContractException(ErrorCode.InvalidRequest, problem);
        return new AdmittedClient(token, room, parameters, options.Rooms.AutoCreate || token.Grant.RoomCreate);
    }

    /// <summary>A header wins; browsers cannot set one on a WebSocket, so they put the token into the URL. It is never logged.</summary>
    private static string TokenOf(HttpRequest request)
    {
        if (BearerToken.TryRead(request.Headers.Authorization.ToString(), out string? token))
            return token;
        string inUrl = request.Query["access_token"].ToString();
        return inUrl.Length > 0
            ? inUrl
            : throw new ContractException(ErrorCode.TokenMissing,
                "Send an access token: Authorization: Bearer TOKEN, or ?access_token=TOKEN.");
    }
}
