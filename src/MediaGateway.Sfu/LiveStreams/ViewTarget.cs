using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>The part of a live stream that a viewer watches.</summary>
/// <param name="SourceId">Id of one of its sources; empty for what is on air.</param>
/// <param name="Preference">The most that is sent of it.</param>
public readonly record struct ViewTarget(string SourceId, LayerPreference Preference)
{
    /// <summary>What is on air, at its best quality.</summary>
    public static readonly ViewTarget Program = new("", LayerPreference.Best);
}
