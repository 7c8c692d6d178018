using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Allocation;

/// <summary>One of the steps in which a video can be sent, from the cheapest to all that is wanted.</summary>
/// <param name="Layers">The highest layers of the step.</param>
/// <param name="Mean">Rate of the last seconds on the wire, bits per second: what it takes to go on.</param>
/// <param name="Peak">Highest rate of the last seconds: what has to be free before it is begun.</param>
internal readonly record struct LayerRung(MaxLayers Layers, long Mean, long Peak);
