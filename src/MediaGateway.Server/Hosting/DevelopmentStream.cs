namespace MediaGateway.Server.Hosting;

internal sealed record DevelopmentStream(string Name, bool Live, int Viewers, IReadOnlyList<string> Codecs);
