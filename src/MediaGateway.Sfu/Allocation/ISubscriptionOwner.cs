using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Allocation;

/// <summary>Whoever has a subscription, and knows how much its receiver would miss it.</summary>
internal interface ISubscriptionOwner
{
    /// <summary>Returns how important the video is to its receiver at this time; never asked for sound.</summary>
    public VideoImportance ImportanceAt(MonotonicTime now);

    /// <summary>Priority that the receiver gave the video, for those of like importance: 1 is the highest; 0 when it gave none.</summary>
    public int Priority => 0;

    /// <summary>Area in which the receiver shows it, pixels; 0 when unknown.</summary>
    public int Size => 0;
}
