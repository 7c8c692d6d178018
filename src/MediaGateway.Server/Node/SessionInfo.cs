using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Node;

/// <param name="Kind">Publisher or viewer.</param>
/// <param name="Stream">The stream it belongs to.</param>
/// <param name="Identity">Who opened it; only they may change or close it.</param>
/// <param name="ETag">The entity tag of its current ICE session (RFC 9725 section 4.3.1): base64url characters, without quotes.</param>
internal sealed record SessionInfo(SessionKind Kind, StreamName Stream, ParticipantIdentity Identity, string ETag);
