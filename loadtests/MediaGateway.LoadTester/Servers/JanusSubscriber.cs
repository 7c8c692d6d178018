namespace MediaGateway.LoadTester.Servers;

/// <summary>The receiving side of somebody in a room of Janus, who is subscribed to more and more.</summary>
internal sealed class JanusSubscriber
{
    /// <summary>Handle of the subscriber at Janus; null before the first subscription.</summary>
    public JanusHandle? Handle { get; set; }

    /// <summary>Feeds that it is subscribed to, and its own.</summary>
    public HashSet<long> Feeds { get; } = [];
}
