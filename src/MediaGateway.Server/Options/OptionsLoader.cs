using System.Diagnostics.CodeAnalysis;

namespace MediaGateway.Server.Options;

/// <summary>Turns a configuration into checked options, or into the list of everything wrong with it.</summary>
internal static class OptionsLoader
{
    /// <summary>Sections that belong to the framework.</summary>
    private static readonly string[] ForeignSections = ["Logging"];

    /// <param name="configuration">All sources merged.</param>
    /// <param name="development">Development mode: loopback only, with a well-known key.</param>
    /// <param name="options">The options with the environment's defaults filled in.</param>
    /// <param name="errors">Every mistake found; empty on success.</param>
    public static bool TryLoad(
        IConfiguration configuration,
        bool development,
        [NotNullWhen(true)] out GatewayOptions? options,
        out IReadOnlyList<OptionsError> errors)
    {
        options = null;
        List<OptionsError> found = [];
        errors = found;
        OptionsShape.Check(OwnSections(configuration), typeof(GatewayOptions), found);
        if (found.Count > 0)
            return false;
        GatewayOptions bound = WithDefaults(configuration.Get<GatewayOptions>() ?? new GatewayOptions(), development);
        OptionsValidator.Validate(bound, development, found);
        options = found.Count == 0 ? bound : null;
        return options is not null;
    }

    private static IEnumerable<IConfigurationSection> OwnSections(IConfiguration configuration) => configuration.GetChildren()
        .Where(section => !ForeignSections.Contains(section.Key, StringComparer.OrdinalIgnoreCase));

    /// <summary>Defaults that depend on the environment: in development nothing but loopback, and a known key.</summary>
    private static GatewayOptions WithDefaults(GatewayOptions options, bool development)
    {
        if (options.Http.Listen.Length == 0)
            options = options with { Http = options.Http with { Listen = development ? "127.0.0.1:7880" : "*:7880" } };
        if (options.Control.Listen.Length == 0)
            options = options with { Control = options.Control with { Listen = development ? "127.0.0.1:7890" : "*:7890" } };
        if (development && options.Media.BindAddresses.Count == 0)
            options = options with { Media = options.Media with { BindAddresses = ["127.0.0.1"] } };
        if (development && options.Auth.Keys.Count == 0)
            options = options with { Auth = new AuthOptions { Keys = DevelopmentKey.AsKeys } };
        return options;
    }
}
