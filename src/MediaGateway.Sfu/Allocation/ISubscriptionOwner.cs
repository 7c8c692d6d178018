using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Allocation;

/// <summary>Whoever has a subscription, and knows how much its receiver would miss it.</summary>
internal interface ISubscriptionOwner
{
    /// <summary>Returns how important the video is to its receiver at this time; never asked for sound.</summary>
    public VideoImportance ImportanceAt(MonotonicTime now);
}
