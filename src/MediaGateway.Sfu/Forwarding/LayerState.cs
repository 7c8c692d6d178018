namespace MediaGateway.Sfu.Forwarding;

/// <summary>The layers that a subscriber is being sent, as ranks from 0.</summary>
/// <param name="Spatial">The simulcast encoding's rank, or the highest spatial layer of a scalable one.</param>
/// <param name="Temporal">The highest temporal layer; <see cref="MaxLayers.KeyFrames"/> when only key frames are sent.</param>
public readonly record struct LayerState(int Spatial, int Temporal);
