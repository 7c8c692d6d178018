namespace MediaGateway.Server.Hosting;

internal sealed record DevelopmentTokenResponse(string Token, string Identity);
