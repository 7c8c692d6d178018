namespace MediaGateway.Server.Node;

/// <summary>A change on the node.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Time">When it was told.</param>
/// <param name="Change">What changed.</param>
internal sealed record EventEntry(long Sequence, DateTimeOffset Time, NodeChange Change);
