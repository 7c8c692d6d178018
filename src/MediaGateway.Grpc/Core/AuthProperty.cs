namespace Grpc.Core;

public sealed record AuthProperty(string Name, string Value);
