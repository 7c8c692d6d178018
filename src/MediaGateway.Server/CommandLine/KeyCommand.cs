using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.CommandLine;

/// <summary><c>mediagateway key create</c>: a new API key, printed as the environment variable that configures it.</summary>
internal static class KeyCommand
{
    private const string KeyCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private const int KeyLength = 12;

    public static Command Create()
    {
        Command create = new("create", "Make an API key and its secret, and print the variable that configures them.");
        create.SetAction(Run);
        return new Command("key", "API keys.") { create };
    }

    private static void Run(ParseResult command)
    {
        string key = "API" + RandomNumberGenerator.GetString(KeyCharacters, KeyLength);
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(AuthOptions.MinSecretBytes));
        command.InvocationConfiguration.Output.WriteLine($"{GatewayConfiguration.EnvironmentPrefix}AUTH__KEYS__{key}={secret}");
    }
}
