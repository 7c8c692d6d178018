using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>What of a live stream a viewer watches.</summary>
/// <param name="SourceId">One of its sources; empty for what is on air.</param>
/// <param name="Preference">At most so much of it.</param>
public readonly record struct ViewTarget(string SourceId, LayerPreference Preference)
{
    /// <summary>What is on air, at its best.</summary>
    public static readonly ViewTarget Program = new("", LayerPreference.Best);
}
