namespace MediaGateway.Client;

/// <summary>
/// Values of <see cref="GatewayException.ErrorCode"/>. They are stable: a code keeps its meaning, and newer gateways may have more.
/// </summary>
public static class GatewayErrorCodes
{
    /// <summary>The request says what cannot be; the message says what and what can.</summary>
    public const string InvalidRequest = "INVALID_REQUEST";

    /// <summary>The page token is not one of this list's.</summary>
    public const string InvalidPageToken = "INVALID_PAGE_TOKEN";

    /// <summary>A room's name is empty, too long, or has control characters.</summary>
    public const string InvalidRoomName = "INVALID_ROOM_NAME";

    /// <summary>A live stream's name is empty, too long, or has other characters than letters, digits, '-', '.', '_' and '~'.</summary>
    public const string InvalidStreamName = "INVALID_STREAM_NAME";

    /// <summary>An identity is empty, too long, or has control characters.</summary>
    public const string InvalidIdentity = "INVALID_IDENTITY";

    /// <summary>The request is larger than the gateway reads.</summary>
    public const string BodyTooLarge = "BODY_TOO_LARGE";

    /// <summary>The call bears no access token.</summary>
    public const string TokenMissing = "TOKEN_MISSING";

    /// <summary>The access token is none, or not signed by a key of the gateway.</summary>
    public const string TokenInvalid = "TOKEN_INVALID";

    /// <summary>The access token has expired.</summary>
    public const string TokenExpired = "TOKEN_EXPIRED";

    /// <summary>The access token is for later; is the signer's clock right?</summary>
    public const string TokenNotYetValid = "TOKEN_NOT_YET_VALID";

    /// <summary>The access token does not grant the call.</summary>
    public const string NotGranted = "NOT_GRANTED";

    /// <summary>There is no such node.</summary>
    public const string NodeNotFound = "NODE_NOT_FOUND";

    /// <summary>There is no such room.</summary>
    public const string RoomNotFound = "ROOM_NOT_FOUND";

    /// <summary>The room has nobody of this identity.</summary>
    public const string ParticipantNotFound = "PARTICIPANT_NOT_FOUND";

    /// <summary>The room has no such track.</summary>
    public const string TrackNotFound = "TRACK_NOT_FOUND";

    /// <summary>There is no live stream of this name.</summary>
    public const string StreamNotFound = "STREAM_NOT_FOUND";

    /// <summary>The live stream has no source of this id.</summary>
    public const string SourceNotFound = "SOURCE_NOT_FOUND";

    /// <summary>The live stream has a source of this id already.</summary>
    public const string SourceExists = "SOURCE_EXISTS";

    /// <summary>The source is the stream's own publisher, which stays.</summary>
    public const string SourceNotRemovable = "SOURCE_NOT_REMOVABLE";

    /// <summary>The source that is to go on air sends nothing.</summary>
    public const string SourceNotLive = "SOURCE_NOT_LIVE";

    /// <summary>A cut without a preview.</summary>
    public const string NoPreview = "NO_PREVIEW";

    /// <summary>Another source is on air than the director expected.</summary>
    public const string ProgramChanged = "PROGRAM_CHANGED";

    /// <summary>The room that a participant is to be shown in, or moved to, has one of its identity.</summary>
    public const string IdentityTaken = "IDENTITY_TAKEN";

    /// <summary>The participant belongs to another room, where this has to be asked.</summary>
    public const string ParticipantForwarded = "PARTICIPANT_FORWARDED";

    /// <summary>Two rooms or streams that are to share media live on different media workers.</summary>
    public const string AnotherWorker = "ANOTHER_WORKER";

    /// <summary>Name, metadata and attributes are too long for the token that a participant is moved with.</summary>
    public const string TokenTooLarge = "TOKEN_TOO_LARGE";

    /// <summary>A room, a participant or a live stream has as much of something as it may have.</summary>
    public const string LimitReached = "LIMIT_REACHED";

    /// <summary>The gateway allows no more watches at a time.</summary>
    public const string TooManyWatchers = "TOO_MANY_WATCHERS";

    /// <summary>The caller calls too often.</summary>
    public const string RateLimited = "RATE_LIMITED";

    /// <summary>A limit on peers, streams or viewers is reached.</summary>
    public const string AtCapacity = "AT_CAPACITY";

    /// <summary>The room has as many participants as it may have.</summary>
    public const string RoomFull = "ROOM_FULL";

    /// <summary>The gateway is stopping; another one takes the call.</summary>
    public const string Draining = "DRAINING";

    /// <summary>A bug of the gateway's; its log has it.</summary>
    public const string InternalError = "INTERNAL_ERROR";
}
