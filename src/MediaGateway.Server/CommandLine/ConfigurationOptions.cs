using System.CommandLine;
using System.CommandLine.Parsing;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.CommandLine;

/// <summary>The options that every command shares: where its configuration comes from.</summary>
internal sealed class ConfigurationOptions
{
    public ConfigurationOptions()
    {
        File.AcceptExistingOnly();
        Set.Validators.Add(RequireKeyAndValue);
    }

    public Option<FileInfo> File { get; } = new("--config")
    {
        Description = "A JSON file of settings, over appsettings.json.",
        Recursive = true,
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "One setting, such as --set Http:Listen=127.0.0.1:8080. Wins over files and MEDIAGATEWAY__ variables.",
        HelpName = "Key=Value",
        Recursive = true,
    };

    public static string EnvironmentName
        => Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is { Length: > 0 } name ? name : Environments.Production;

    public static bool IsDevelopment => EnvironmentName.Equals(Environments.Development, StringComparison.OrdinalIgnoreCase);

    public IConfigurationRoot Read(ParseResult command)
        => GatewayConfiguration.Read(EnvironmentName, command.GetValue(File), Settings(command));

    /// <summary>Loads the options, or says what is wrong with each of them.</summary>
    public bool TryLoad(ParseResult command, out IConfigurationRoot? configuration, out GatewayOptions? options)
    {
        options = null;
        configuration = null;
        TextWriter error = command.InvocationConfiguration.Error;
        try
        {
            configuration = Read(command);
        }
        catch (InvalidDataException unreadable)
        {
            error.WriteLine($"The configuration cannot be read: {unreadable.Message} {unreadable.InnerException?.Message}");
            return false;
        }
        if (OptionsLoader.TryLoad(configuration, IsDevelopment, out options, out IReadOnlyList<OptionsError> errors))
            return true;
        error.WriteLine("The configuration is not valid:");
        foreach (OptionsError problem in errors)
            error.WriteLine("  " + problem);
        if (!IsDevelopment && EnvironmentFile.IsForbidden)
            error.WriteLine($"The settings in {EnvironmentFile.Path} were not read, for this user may not: try sudo.");
        error.WriteLine("docs/configuration.md lists every key. As an environment variable, Section:Key is MEDIAGATEWAY__SECTION__KEY.");
        return false;
    }

    /// <summary>Reads the settings in the order in which they stand: the later of two with one key wins, as wrappers append.</summary>
    private Dictionary<string, string?> Settings(ParseResult command)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, string?> setting in (command.GetValue(Set) ?? []).Select(Split))
            settings[setting.Key] = setting.Value;
        return settings;
    }

    private static KeyValuePair<string, string?> Split(string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        return new KeyValuePair<string, string?>(setting[..equals].Replace("__", ":", StringComparison.Ordinal), setting[(equals + 1)..]);
    }

    private static void RequireKeyAndValue(OptionResult result)
    {
        foreach (Token token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            result.AddError($"--set takes Key=Value, not '{token.Value}'.");
    }
}
