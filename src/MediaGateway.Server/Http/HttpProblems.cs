using System.Collections.Frozen;
using System.Globalization;
using MediaGateway.Server.Contracts;
using Microsoft.Net.Http.Headers;

namespace MediaGateway.Server.Http;

/// <summary>The one place where errors become HTTP: every code's status, and the problem document that carries it.</summary>
internal static class HttpProblems
{
    private const string ContentType = "application/problem+json";

    private const string TypePrefix = "urn:mediagateway:error:";

    public static FrozenDictionary<ErrorCode, ProblemKind> Kinds { get; } = new Dictionary<ErrorCode, ProblemKind>
    {
        [ErrorCode.InvalidStreamName] = new(400, "invalid_stream_name", "The stream's name is not valid"),
        [ErrorCode.InvalidRoomName] = new(400, "invalid_room_name", "The room's name is not valid"),
        [ErrorCode.InvalidIdentity] = new(400, "invalid_identity", "The participant's identity is not valid"),
        [ErrorCode.InvalidRequest] = new(400, "invalid_request", "The request is not valid"),
        [ErrorCode.MalformedSdp] = new(400, "malformed_sdp", "The body is not an SDP offer"),
        [ErrorCode.MalformedFragment] = new(400, "malformed_fragment", "The body is not an SDP fragment"),
        [ErrorCode.TokenMissing] = new(401, "token_missing", "An access token is required"),
        [ErrorCode.TokenInvalid] = new(401, "token_invalid", "The access token is not valid"),
        [ErrorCode.TokenExpired] = new(401, "token_expired", "The access token has expired"),
        [ErrorCode.TokenNotYetValid] = new(401, "token_not_yet_valid", "The access token is not valid yet"),
        [ErrorCode.JoinNotGranted] = new(401, "join_not_granted", "The access token does not let its bearer join"),
        [ErrorCode.NotGranted] = new(403, "not_granted", "The access token does not grant this"),
        [ErrorCode.NotSessionOwner] = new(403, "not_session_owner", "The session belongs to someone else"),
        [ErrorCode.ForeignOrigin] = new(403, "foreign_origin", "Only the gateway's own page may ask this"),
        [ErrorCode.SessionNotFound] = new(404, "session_not_found", "There is no such session"),
        [ErrorCode.RoomNotFound] = new(404, "room_not_found", "There is no such room"),
        [ErrorCode.NotFound] = new(404, "not_found", "There is nothing at this address"),
        [ErrorCode.MethodNotAllowed] = new(405, "method_not_allowed", "This address does not take that method"),
        [ErrorCode.NoCommonCodec] = new(406, "no_common_codec", "The offer and the stream have no codec in common"),
        [ErrorCode.RequestTimeout] = new(408, "request_timeout", "The request did not arrive in time"),
        [ErrorCode.StreamTaken] = new(409, "stream_taken", "Someone else is live under this name"),
        [ErrorCode.StaleETag] = new(412, "stale_etag", "If-Match names an ICE session that is over"),
        [ErrorCode.BodyTooLarge] = new(413, "body_too_large", "The body is too large"),
        [ErrorCode.UnsupportedContentType] = new(415, "unsupported_content_type", "The body's content type is not the one taken here"),
        [ErrorCode.UnsupportedContentEncoding] = new(415, "unsupported_content_encoding", "The body's content coding is not taken here"),
        [ErrorCode.UnusableSdp] = new(422, "unusable_sdp", "The SDP asks for what this gateway does not do"),
        [ErrorCode.IfMatchRequired] = new(428, "if_match_required", "If-Match is required"),
        [ErrorCode.RateLimited] = new(429, "rate_limited", "Too many requests", RetryAfterSeconds: 1),
        [ErrorCode.InternalError] = new(500, "internal_error", "The gateway failed"),
        [ErrorCode.Draining] = new(503, "draining", "The gateway is stopping", RetryAfterSeconds: 5),
        [ErrorCode.AtCapacity] = new(503, "at_capacity", "The gateway takes no more sessions now", RetryAfterSeconds: 10),
        [ErrorCode.RoomFull] = new(503, "room_full", "The room is full", RetryAfterSeconds: 10),
        [ErrorCode.InvalidPageToken] = new(400, "invalid_page_token", "The page token belongs to another list"),
        [ErrorCode.NodeNotFound] = new(404, "node_not_found", "There is no such node"),
        [ErrorCode.ParticipantNotFound] = new(404, "participant_not_found", "There is no such participant"),
        [ErrorCode.TrackNotFound] = new(404, "track_not_found", "There is no such track"),
        [ErrorCode.StreamNotFound] = new(404, "stream_not_found", "There is no such live stream"),
        [ErrorCode.SourceNotFound] = new(404, "source_not_found", "The live stream has no such source"),
        [ErrorCode.SourceExists] = new(409, "source_exists", "The live stream has such a source"),
        [ErrorCode.SourceNotRemovable] = new(409, "source_not_removable", "The source cannot be removed"),
        [ErrorCode.SourceNotLive] = new(409, "source_not_live", "The source sends nothing"),
        [ErrorCode.NoPreview] = new(409, "no_preview", "There is no preview"),
        [ErrorCode.ProgramChanged] = new(409, "program_changed", "Another source is on air"),
        [ErrorCode.IdentityTaken] = new(409, "identity_taken", "The room has such a participant"),
        [ErrorCode.ParticipantForwarded] = new(409, "participant_forwarded", "The participant is only shown here"),
        [ErrorCode.AnotherWorker] = new(409, "another_worker", "Media does not cross between workers"),
        [ErrorCode.TokenTooLarge] = new(409, "token_too_large", "The participant does not fit into a token"),
        [ErrorCode.LimitReached] = new(429, "limit_reached", "There are as many as there may be"),
        [ErrorCode.TooManyWatchers] = new(429, "too_many_watchers", "Too many watches are open"),
        [ErrorCode.MalformedMessage] = new(400, "malformed_message", "The body is not the message that the method takes"),
    }.ToFrozenDictionary();

    /// <summary>The code's name in every protocol, in lower case.</summary>
    public static string NameOf(ErrorCode code) => Kinds[code].Code;

    /// <summary>Writes the error; nothing may have been sent yet.</summary>
    public static Task WriteAsync(HttpContext context, ContractException error)
    {
        ProblemKind kind = Kinds[error.Code];
        HttpResponse response = context.Response;
        response.StatusCode = kind.Status;
        response.Headers.CacheControl = "no-store";
        int retryAfter = error.RetryAfter is { } delay ? Math.Max(1, (int)Math.Ceiling(delay.TotalSeconds)) : kind.RetryAfterSeconds;
        if (retryAfter > 0)
            response.Headers.RetryAfter = retryAfter.ToString(CultureInfo.InvariantCulture);
        if (kind.Status == StatusCodes.Status401Unauthorized)
            response.Headers[HeaderNames.WWWAuthenticate] = Challenge(error.Code);
        Problem problem = new(TypePrefix + kind.Code, kind.Title, kind.Status, error.Message, kind.Code);
        return response.WriteAsJsonAsync(problem, ProblemJson.Default.Problem, ContentType, context.RequestAborted);
    }

    /// <summary>Maps what Kestrel refuses while the body is read: too slow, cut short.</summary>
    public static ContractException From(BadHttpRequestException error) => error.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => new ContractException(ErrorCode.RequestTimeout, "The body arrived too slowly."),
        _ => new ContractException(ErrorCode.InvalidRequest, "The request is not valid HTTP."),
    };

    /// <summary>
    /// Gives what routing refuses with a bare status its document. The framework's status code pages would do it too, and make a
    /// kilobyte of objects for every request that needs none.
    /// </summary>
    public static async Task ExplainBareStatusAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        HttpResponse response = context.Response;
        if (response.HasStarted || response.ContentLength is not null || !string.IsNullOrEmpty(response.ContentType))
            return;
        switch (response.StatusCode)
        {
            case StatusCodes.Status404NotFound:
                await WriteAsync(context, new ContractException(ErrorCode.NotFound, "Check the path."));
                break;
            case StatusCodes.Status405MethodNotAllowed:
                await WriteAsync(context,
                    new ContractException(ErrorCode.MethodNotAllowed, "The Allow header names the methods taken here."));
                break;
        }
    }

    /// <summary>A bug: the framework has logged it, and the client learns nothing but that.</summary>
    public static Task WriteBugAsync(HttpContext context)
        => WriteAsync(context, new ContractException(ErrorCode.InternalError, "The gateway's log has the details."));

    /// <summary>RFC 6750 section 3: no error attribute when no token was sent.</summary>
    private static string Challenge(ErrorCode code)
        => code == ErrorCode.TokenMissing ? "Bearer realm=\"mediagateway\"" : "Bearer realm=\"mediagateway\", error=\"invalid_token\"";
}
