namespace MediaGateway.Server.Http;

/// <summary>The HTTP form of an error code.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The stable code in the body.</param>
/// <param name="Title">The same for every occurrence (RFC 9457 section 3.1.3).</param>
/// <param name="RetryAfterSeconds">Retry-After when the error does not say; 0 for none.</param>
internal sealed record ProblemKind(int Status, string Code, string Title, int RetryAfterSeconds = 0);
