namespace MediaGateway.LoadTester.Servers;

/// <summary>A room of Janus's VideoRoom plugin, which carries one stream.</summary>
/// <param name="Id">Its number.</param>
internal sealed record JanusRoom(long Id)
{
    /// <summary>Who publishes the stream: its handle, and the number that viewers subscribe to. Null before the first.</summary>
    public (JanusHandle Handle, long Feed)? Publisher { get; init; }
}
