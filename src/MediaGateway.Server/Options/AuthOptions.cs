using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Options;

/// <summary>The API keys whose holders may sign access tokens.</summary>
internal sealed record AuthOptions
{
    /// <summary>A secret shorter than HMAC-SHA256's output could be guessed from one token (RFC 7518 section 3.2).</summary>
    public const int MinSecretBytes = 32;

    /// <summary>API key to secret. A token names its key in <c>iss</c> and is signed with that key's secret.</summary>
    public IReadOnlyDictionary<string, Secret> Keys { get; init; } = new Dictionary<string, Secret>();
}
