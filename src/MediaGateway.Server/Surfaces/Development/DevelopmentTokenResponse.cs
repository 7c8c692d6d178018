namespace MediaGateway.Server.Surfaces.Development;

internal sealed record DevelopmentTokenResponse(string Token, string Identity);
