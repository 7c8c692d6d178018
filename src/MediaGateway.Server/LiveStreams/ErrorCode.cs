namespace MediaGateway.Server.LiveStreams;

/// <summary>What a client did wrong, or what the gateway cannot do for it now. One HTTP status each: Whip/HttpProblems.cs.</summary>
internal enum ErrorCode
{
    InvalidStreamName,
    InvalidRequest,
    MalformedSdp,
    MalformedFragment,
    TokenMissing,
    TokenInvalid,
    TokenExpired,
    TokenNotYetValid,
    NotGranted,
    NotSessionOwner,
    ForeignOrigin,
    SessionNotFound,
    NotFound,
    MethodNotAllowed,
    NoCommonCodec,
    RequestTimeout,
    StreamTaken,
    StaleETag,
    BodyTooLarge,
    UnsupportedContentType,
    UnusableSdp,
    IfMatchRequired,
    RateLimited,
    InternalError,
    Draining,
    AtCapacity,
}
