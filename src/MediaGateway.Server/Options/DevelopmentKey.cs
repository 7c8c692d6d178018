using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Options;

/// <summary>
/// The key of development mode. It is public, like everything in this repository, so the gateway knows it only while
/// it listens on loopback.
/// </summary>
internal static class DevelopmentKey
{
    public const string Name = "devkey";

    public const string Text = "development-only-secret-not-for-production";

    public static IReadOnlyDictionary<string, Secret> AsKeys { get; } = new Dictionary<string, Secret> { [Name] = new(Text) };
}
