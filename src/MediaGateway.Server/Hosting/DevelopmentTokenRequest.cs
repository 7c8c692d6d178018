namespace MediaGateway.Server.Hosting;

/// <param name="Stream">The stream to publish or watch.</param>
/// <param name="Role"><c>publisher</c> or <c>viewer</c>.</param>
internal sealed record DevelopmentTokenRequest(string? Stream, string? Role);
