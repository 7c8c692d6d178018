using MediaGateway.Server.Auth;

namespace MediaGateway.Server.LiveStreams;

/// <param name="Kind">Publisher or viewer.</param>
/// <param name="Stream">The stream it belongs to.</param>
/// <param name="Identity">Who opened it; only they may change or close it.</param>
/// <param name="ETag">Its current ICE session, as in <see cref="OpenedSession"/>.</param>
internal sealed record SessionInfo(SessionKind Kind, StreamName Stream, ParticipantIdentity Identity, string ETag);
