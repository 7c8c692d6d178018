using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Operations;

/// <param name="Id">The session's unguessable id.</param>
/// <param name="AnswerSdp">The SDP answer.</param>
/// <param name="ETag">Names the ICE session (RFC 9725 section 4.3.1): base64url characters, without quotes.</param>
internal sealed record OpenedSession(SessionId Id, string AnswerSdp, string ETag);
