using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;
using MediaGateway.Sfu.LiveStreams;

namespace MediaGateway.Server.Surfaces.Whip;

/// <summary>Serves the WHIP and WHEP requests that are admitted (<see cref="WhipAdmission"/>).</summary>
internal sealed class WhipRequests(
    WhipAdmission admission,
    ILiveStreams streams,
    IceServerLinks iceServers,
    SessionMetrics metrics,
    Joins joins,
    HttpOptions options,
    ILogger<WhipRequests> logger)
{
    public async Task PublishAsync(HttpContext context)
    {
        long since = joins.Now;
        (StreamName stream, AccessToken token, string offer) = await admission.ReadOfferAsync(context, SessionKind.Whip);
        Join join = joins.Begin("whip", since);
        PublishRequest request = new(
            stream,
            token.Identity,
            offer,
            AsksForTakeOver(context.Request),
            AllowAudio: (token.Grant.PublishSources & TrackSources.Audio) != 0,
            AllowVideo: (token.Grant.PublishSources & TrackSources.Video) != 0,
            RequestSource.Of(context.Connection.RemoteIpAddress))
        {
            Join = join,
        };
        OpenedSession session = await OpenAsync(join, () => streams.PublishAsync(request, context.RequestAborted));
        await WriteOpenedAsync(context, SessionKind.Whip, stream, session);
    }

    public async Task WatchAsync(HttpContext context)
    {
        long since = joins.Now;
        (StreamName stream, AccessToken token, string offer) = await admission.ReadOfferAsync(context, SessionKind.Whep);
        ViewTarget target = ViewTargetQuery.Read(context.Request.Query);
        if (target.SourceId.Length > 0)
            token.RequireControl(stream);
        Join join = joins.Begin("whep", since);
        WatchRequest request = new(stream, token.Identity, offer, RequestSource.Of(context.Connection.RemoteIpAddress))
        {
            Target = target,
            Join = join,
        };
        OpenedSession session = await OpenAsync(join, () => streams.WatchAsync(request, context.RequestAborted));
        await WriteOpenedAsync(context, SessionKind.Whep, stream, session);
    }

    /// <summary>Trickle ICE or ICE restart (RFC 9725 section 4.3).</summary>
    public async Task PatchAsync(HttpContext context)
    {
        (SessionId id, SessionInfo session) = await admission.AuthorizeSessionAsync(context);
        string fragment = await RequestBody.ReadAsync(
            context.Request, WhipEndpoints.FragmentType, options.MaxBodyBytes, ErrorCode.MalformedFragment);
        using IDisposable? scope = logger.SessionScope(session.Stream, id);
        bool isRestart = IceSessionMatch.IsRestart(context.Request.Headers.IfMatch, session.ETag);
        if (isRestart && await streams.RestartIceAsync(id, fragment, context.RequestAborted) is { } restarted)
        {
            logger.IceRestarted();
            context.Response.Headers.ETag = IceSessionMatch.Quote(restarted.ETag);
            context.Response.ContentType = WhipEndpoints.FragmentType;
            await context.Response.WriteAsync(restarted.AnswerFragment, context.RequestAborted);
            return;
        }
        if (!isRestart)
            await streams.AddCandidatesAsync(id, fragment, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task DeleteAsync(HttpContext context)
    {
        (SessionId id, SessionInfo session) = await admission.AuthorizeSessionAsync(context);
        IceSessionMatch.Require(context.Request.Headers.IfMatch, session.ETag);
        using IDisposable? scope = logger.SessionScope(session.Stream, id);
        await streams.CloseAsync(id, context.RequestAborted);
        metrics.Deleted(session.Kind);
        logger.SessionClosedByClient(session.Kind);
    }

    private Task WriteOpenedAsync(HttpContext context, SessionKind kind, StreamName stream, OpenedSession session)
    {
        metrics.Opened(kind);
        using IDisposable? scope = logger.SessionScope(stream, session.Id);
        logger.SessionOpened(kind, new RedactedAddress(context.Connection.RemoteIpAddress));
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentType = WhipEndpoints.SdpType;
        response.Headers.Location = context.Request.PathBase.Add($"{PathOf(kind)}/sessions/{session.Id.Value}").ToUriComponent();
        response.Headers.ETag = IceSessionMatch.Quote(session.ETag);
        response.Headers["Accept-Patch"] = WhipEndpoints.FragmentType;
        response.Headers.CacheControl = "no-store";
        if (iceServers.Values.Count > 0)
            response.Headers.Link = iceServers.Values;
        return response.WriteAsync(session.AnswerSdp, context.RequestAborted);
    }

    private static async Task<OpenedSession> OpenAsync(Join join, Func<Task<OpenedSession>> open)
    {
        try
        {
            return await open();
        }
        catch (Exception refusal)
        {
            join.Refused(refusal is ContractException { Code: var code } ? HttpProblems.Kinds[code].Code : "bug");
            throw;
        }
    }

    private static string PathOf(SessionKind kind) => kind == SessionKind.Whip ? WhipEndpoints.WhipPath : WhipEndpoints.WhepPath;

    /// <summary>
    /// Tells whether a publisher asks to replace the one that is live, which RFC 9725 has no words for: <c>?takeover=1</c> or <c>Takeover:
    /// 1</c>.
    /// </summary>
    private static bool AsksForTakeOver(HttpRequest request) => request.Query["takeover"] == "1" || request.Headers["Takeover"] == "1";
}
