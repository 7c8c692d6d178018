namespace MediaGateway.Server.Surfaces.Development;

/// <summary>A token for a live stream, for a meeting room, or for the control room.</summary>
/// <param name="Stream">The stream to publish or watch.</param>
/// <param name="Role"><c>publisher</c> or <c>viewer</c>, with a stream; <c>director</c>, without one.</param>
/// <param name="Room">The room to meet in; not with a stream.</param>
/// <param name="Identity">Who joins the room; made up when it is missing.</param>
/// <param name="Name">How the others see them.</param>
internal sealed record DevelopmentTokenRequest(string? Stream, string? Role, string? Room, string? Identity, string? Name);
