using System.Security.Cryptography;
using System.Text.Json;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Surfaces.Development;

/// <summary>
/// Endpoints that the page needs in development mode, where nobody signs tokens for it. They are never mapped outside that mode. The guard
/// keeps other sites' pages out: a browser on this machine must have loaded the page from a loopback name.
/// </summary>
internal sealed class DevelopmentEndpoints(ILiveStreams streams, AuthOptions auth, HttpOptions http, TimeProvider clock)
{
    private static readonly string[] LoopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(6);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/development/token", CreateTokenAsync);
        app.MapGet("/development/streams", ListStreamsAsync);
    }

    private async Task CreateTokenAsync(HttpContext context)
    {
        RequireOwnPage(context.Request);
        TokenRequest wish =
            Parse(await RequestBody.ReadAsync(context.Request, "application/json", http.MaxBodyBytes, ErrorCode.InvalidRequest));
        (string key, Secret secret) = auth.Keys.First();
        DevelopmentTokenResponse response = new(TokenIssuer.Issue(key, secret.Reveal(), wish, clock.GetUtcNow()), wish.Identity);
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(
            response, DevelopmentJson.Default.DevelopmentTokenResponse, cancellationToken: context.RequestAborted);
    }

    private Task ListStreamsAsync(HttpContext context)
    {
        RequireOwnPage(context.Request);
        DevelopmentStream[] list = [.. streams.Streams.Select(Describe)];
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            list, DevelopmentJson.Default.DevelopmentStreamArray, cancellationToken: context.RequestAborted);
    }

    private static DevelopmentStream Describe(StreamInfo stream)
        => new(stream.Name.Value, stream.IsLive, stream.Viewers, [.. stream.Codecs.Select(NameOf)]);

    private static string NameOf(CodecKind codec) => codec == CodecKind.Opus ? "Opus" : codec.ToString().ToUpperInvariant();

    /// <summary>A page under another name that resolves to loopback (DNS rebinding) fails the first, another site the second.</summary>
    private static void RequireOwnPage(HttpRequest request)
    {
        if (!LoopbackHosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase)
            || request.Headers["Sec-Fetch-Site"] != "same-origin")
            throw new ContractException(ErrorCode.ForeignOrigin, "Open the gateway's page under 127.0.0.1 or localhost.");
    }

    private static TokenRequest Parse(string json) => TryDeserialize(json) switch
    {
        { Room: { } room, Stream: null, Role: null } wish => Meeting(room, wish),
        { Room: null, Role: "publisher" or "viewer" } wish => LiveStream(wish),
        { Room: null, Stream: null, Role: "director" } => Director(),
        _ => throw new ContractException(
            ErrorCode.InvalidRequest,
            "Send {\"stream\": NAME, \"role\": \"publisher\" or \"viewer\"}, {\"room\": NAME, \"identity\": WHO, "
                + "\"name\": SHOWN} or {\"role\": \"director\"}."),
    };

    private static TokenRequest LiveStream(DevelopmentTokenRequest wish)
    {
        if (!StreamName.TryParse(wish.Stream, out StreamName stream))
            throw new ContractException(ErrorCode.InvalidStreamName, "Letters, digits, '-', '.', '_' and '~' make a stream's name.");
        bool isPublisher = wish.Role == "publisher";
        return new TokenRequest(MadeUpIdentity(), stream.Value, isPublisher, !isPublisher, TokenLifetime);
    }

    private static TokenRequest Director() =>
        new(MadeUpIdentity(), "", CanPublish: false, CanSubscribe: false, TokenLifetime) { NodeAdmin = true };

    private static TokenRequest Meeting(string room, DevelopmentTokenRequest wish)
    {
        if (!RoomName.TryParse(room, out RoomName name))
            throw new ContractException(ErrorCode.InvalidRoomName, $"A room's name has 1 to {RoomName.MaxLength} characters.");
        string identity = wish.Identity ?? MadeUpIdentity();
        if (!ParticipantIdentity.TryParse(identity, out _))
            throw new ContractException(ErrorCode.InvalidIdentity, $"An identity has 1 to {ParticipantIdentity.MaxLength} characters.");
        if (wish.Name?.Length > ParticipantIdentity.MaxLength)
            throw new ContractException(ErrorCode.InvalidRequest, $"A name has {ParticipantIdentity.MaxLength} characters at most.");
        return new TokenRequest(identity, name.Value, CanPublish: true, CanSubscribe: true, TokenLifetime)
        {
            Name = wish.Name ?? "",
            CanUpdateOwnMetadata = true,
        };
    }

    private static string MadeUpIdentity() => "page-" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    private static DevelopmentTokenRequest? TryDeserialize(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, DevelopmentJson.Default.DevelopmentTokenRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
