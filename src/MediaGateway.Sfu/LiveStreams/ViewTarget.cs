using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>What of a live stream a viewer watches.</summary>
/// <param name="SourceId">One of its sources; empty for what is on air.</param>
/// <param name="Wish">The highest layers that the viewer asked for.</param>
public readonly record struct ViewTarget(string SourceId, MaxLayers Wish)
{
    /// <summary>What is on air, at its best.</summary>
    public static readonly ViewTarget Program = new("", MaxLayers.All);
}
