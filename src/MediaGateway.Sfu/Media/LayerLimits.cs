using System.Diagnostics;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Media;

/// <summary>
/// The limits of one subscription, one of each cause, and what they leave together.
/// <para><b>Invariant: what is in force exceeds neither the demand nor what the line carries, and the demand exceeds neither the wish
/// nor the director's limit.</b></para>
/// </summary>
internal struct LayerLimits
{
    private MaxLayers _wish = MaxLayers.All;
    private MaxLayers _director = MaxLayers.All;
    private MaxLayers _overload = MaxLayers.All;
    private MaxLayers _bandwidth = MaxLayers.All;

    public LayerLimits()
    {
    }

    /// <summary>The limit that all causes together make, with the cause of the lowest.</summary>
    public LayerLimit InForce { get; private set; } = LayerLimit.None;

    /// <summary>
    /// Limit of the wish and the director together: what the subscriber would be sent if the worker had the time and the line the room.
    /// </summary>
    public LayerLimit Demand { get; private set; } = LayerLimit.None;

    /// <summary>Demand within what the line carries: what the subscriber would be sent if the worker had the time.</summary>
    public readonly MaxLayers Carried => Demand.Value.Within(_bandwidth);

    /// <summary>True when the video is paused for want of time alone.</summary>
    public readonly bool IsShed => InForce.Value.Paused && !Carried.Paused;

    /// <summary>True when the video is paused although it is in demand: for want of time, or of room on the line.</summary>
    public readonly bool IsWithheld => InForce.Value.Paused && !Demand.Value.Paused;

    /// <summary>Replaces the limit of a cause.</summary>
    /// <returns>False when it was the same before.</returns>
    public bool Set(in LayerLimit limit)
    {
        if (limit.Value == Of(limit.Cause))
            return false;
        switch (limit.Cause)
        {
            case LimitCause.Wish:
                _wish = limit.Value;
                break;
            case LimitCause.Director:
                _director = limit.Value;
                break;
            case LimitCause.Overload:
                _overload = limit.Value;
                break;
            default:
                _bandwidth = limit.Value;
                break;
        }
        Demand = LayerLimit.None.Within(new LayerLimit(_wish, LimitCause.Wish)).Within(new LayerLimit(_director, LimitCause.Director));
        InForce = Demand
            .Within(new LayerLimit(_overload, LimitCause.Overload))
            .Within(new LayerLimit(_bandwidth, LimitCause.Bandwidth));
        Debug.Assert(InForce.Value == InForce.Value.Within(Carried), "More is in force than is in demand, or than the line carries.");
        Debug.Assert(Demand.Value == Demand.Value.Within(_wish).Within(_director), "More is in demand than is wished for or allowed.");
        return true;
    }

    /// <summary>The limit of one cause.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The cause sets no limits.</exception>
    public readonly MaxLayers Of(LimitCause cause) => cause switch
    {
        LimitCause.Wish => _wish,
        LimitCause.Director => _director,
        LimitCause.Overload => _overload,
        LimitCause.Bandwidth => _bandwidth,
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "No limit has this cause."),
    };
}
