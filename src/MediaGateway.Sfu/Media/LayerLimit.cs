using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Media;

/// <summary>The highest layers that may be sent, and why no more.</summary>
/// <param name="Value">The highest layers.</param>
/// <param name="Cause">Who or what set the limit.</param>
public readonly record struct LayerLimit(MaxLayers Value, LimitCause Cause)
{
    /// <summary>Limit that limits nothing.</summary>
    public static readonly LayerLimit None = new(MaxLayers.All, LimitCause.None);

    /// <summary>Both limits as one: the least of their layers, with the cause of the lower limit.</summary>
    public LayerLimit Within(in LayerLimit other) =>
        new(Value.Within(other.Value), other.Value.IsBelow(Value) ? other.Cause : Cause);
}
