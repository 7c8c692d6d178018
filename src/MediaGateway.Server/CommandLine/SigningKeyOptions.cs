using System.CommandLine;
using System.Text;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.CommandLine;

/// <summary>
/// Options that choose the signing API key: the given one, else a configured one, either the only one or the one that --key names.
/// </summary>
internal sealed class SigningKeyOptions(ConfigurationOptions configurationOptions)
{
    private static readonly string TooShort =
        $"The secret needs {AuthOptions.MinSecretBytes} bytes or more; `mediagateway key create` prints a good one.";

    public Option<string?> Key { get; } = new("--key") { Description = "API key. Default: the configured one.", Recursive = true };

    public Option<string?> Secret { get; } = new("--secret") { Description = "Its secret. Default: the configured one.", Recursive = true };

    /// <summary>False when there is none to be had; why has been written then.</summary>
    public bool TryGet(ParseResult command, out string key, out string secret)
    {
        key = command.GetValue(Key) ?? "";
        secret = command.GetValue(Secret) ?? "";
        if (key.Length > 0 && secret.Length > 0)
            return Encoding.UTF8.GetByteCount(secret) >= AuthOptions.MinSecretBytes || Fail(command, TooShort);
        if (secret.Length > 0)
            return Fail(command, "--secret needs --key.");
        if (!configurationOptions.TryLoad(command, out _, out GatewayOptions? options))
            return false;
        if (key.Length == 0 && options!.Auth.Keys.Count > 1)
            return Fail(command, "Several API keys are configured; name one with --key.");
        if (key.Length == 0)
            key = options!.Auth.Keys.Keys.First();
        if (!options!.Auth.Keys.TryGetValue(key, out Contracts.Secret? configured))
            return Fail(command, $"No API key '{key}' is configured; give its --secret.");
        secret = configured.Reveal();
        return true;
    }

    private static bool Fail(ParseResult command, string message)
    {
        command.InvocationConfiguration.Error.WriteLine(message);
        return false;
    }
}
