namespace MediaGateway.Server.Options;

/// <summary>Who may sign access tokens.</summary>
internal sealed record AuthOptions
{
    /// <summary>API key to secret. A token names its key in <c>iss</c> and is signed with that key's secret.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();
}
