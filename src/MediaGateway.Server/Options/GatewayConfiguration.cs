using Microsoft.Extensions.Configuration.Memory;

namespace MediaGateway.Server.Options;

/// <summary>Sources of the configuration. Later sources win over earlier ones.</summary>
internal static class GatewayConfiguration
{
    /// <summary>Environment variables are MEDIAGATEWAY__SECTION__KEY.</summary>
    public const string EnvironmentPrefix = "MEDIAGATEWAY__";

    /// <param name="environment">The environment's name, which selects appsettings.NAME.json.</param>
    /// <param name="file">A JSON file named on the command line; it must exist. Null for none.</param>
    /// <param name="settings">Keys and values set on the command line.</param>
    public static IConfigurationRoot Read(string environment, FileInfo? file, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        IConfigurationBuilder builder = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{environment}.json", optional: true);
        if (file is not null)
            builder.AddJsonFile(file.FullName, optional: false);
        if (!environment.Equals(Environments.Development, StringComparison.OrdinalIgnoreCase))
            builder.AddInMemoryCollection(EnvironmentFile.Read());
        return builder
            .AddEnvironmentVariables(EnvironmentPrefix)
            .Add(new MemoryConfigurationSource { InitialData = settings })
            .Build();
    }
}
