using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Media;

/// <summary>Divider of a receiver's line among its subscriptions.</summary>
internal interface ILineDivider
{
    /// <summary>Something else is wanted, or from another source: the line is to be divided before anything more is sent.</summary>
    public void OnDemandChanged(MonotonicTime now);

    /// <summary>The layers of a source are not what they were: the line is to be divided anew soon.</summary>
    public void OnLayersChanged(MonotonicTime now);
}
