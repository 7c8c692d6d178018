namespace MediaGateway.Server.Operations;

/// <param name="AnswerFragment">The gateway's new ICE credentials and candidates (RFC 8840).</param>
/// <param name="ETag">Names the new ICE session, as in <see cref="OpenedSession"/>.</param>
internal sealed record RestartedSession(string AnswerFragment, string ETag);
