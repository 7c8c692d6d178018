using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Allocation;

/// <summary>Receivers of video on one worker, such as those of its rooms, seen by the one who decides how much they get.</summary>
internal interface ISheddable
{
    /// <summary>Applies the level in force (<see cref="Shedding.Level"/>) to all their subscriptions. A bug met on the way is contained.</summary>
    /// <returns>Whether something else is sent than before.</returns>
    public bool Shed(MonotonicTime now);
}
