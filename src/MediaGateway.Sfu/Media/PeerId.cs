namespace MediaGateway.Sfu.Media;

/// <summary>Names a peer within the node, for commands and events; says nothing to anybody outside.</summary>
public readonly record struct PeerId(long Value);
