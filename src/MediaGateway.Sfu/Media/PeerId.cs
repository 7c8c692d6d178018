namespace MediaGateway.Sfu.Media;

/// <summary>Id of a peer within the node, for commands and events; it means nothing outside of the node.</summary>
public readonly record struct PeerId(long Value);
