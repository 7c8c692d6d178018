namespace MediaGateway.Server.Surfaces.Development;

internal sealed record DevelopmentStream(string Name, bool Live, int Viewers, IReadOnlyList<string> Codecs);
