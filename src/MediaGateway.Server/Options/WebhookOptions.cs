using System.ComponentModel.DataAnnotations;

namespace MediaGateway.Server.Options;

/// <summary>The URLs that events of rooms are posted to, in the form that LiveKit's server SDKs expect.</summary>
internal sealed record WebhookOptions
{
    /// <summary>http and https URLs that events are posted to; each gets all of them, in order.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Name of the API key whose secret signs the events; empty for the only configured key.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Events that wait for a URL that does not answer; more are dropped, and counted in the next one.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueuedEvents { get; init; } = 1_000;
}
