using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Part of a live stream that a viewer watches.</summary>
/// <param name="SourceId">One of its sources; empty for what is on air.</param>
/// <param name="Wish">The highest layers that the viewer asked for.</param>
public readonly record struct ViewTarget(string SourceId, MaxLayers Wish)
{
    /// <summary>Target for the program at its best quality.</summary>
    public static readonly ViewTarget Program = new("", MaxLayers.All);
}
