using System.Collections.Immutable;

namespace MediaGateway.LoadTester.Servers;

/// <summary>A room of Janus's VideoRoom plugin, which carries one stream, or is a room.</summary>
/// <param name="Id">Its number.</param>
internal sealed record JanusRoom(long Id)
{
    /// <summary>The publishers in the room: the handle, and the number that viewers subscribe to.</summary>
    public ImmutableList<(JanusHandle Handle, long Feed)> Publishers { get; init; } = [];
}
