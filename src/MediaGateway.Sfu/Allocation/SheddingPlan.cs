using System.Collections.Immutable;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// Plan of what an overloaded worker leaves out, level by level: of each kind of video first its upper layers, then frames,
/// then all of it for one eighth of its subscribers after the other. What is left out at a level is left out at all higher ones.
/// docs/overload.md has the table.
/// </summary>
public static class SheddingPlan
{
    /// <summary>The highest level, at which all video is left out.</summary>
    public const int MaxLevel = 23;

    /// <summary>Number of groups that the subscriptions are in; those of one group are paused together.</summary>
    public const int Places = 8;

    private const int MiddleLayer = 1;

    /// <summary>The schedules, indexed by <see cref="VideoImportance"/>.</summary>
    private static readonly ImmutableArray<Schedule> Schedules =
    [
        new Schedule(Middle: 1, Lowest: 1, BaseRate: 2, Pauses: 4, PlacesPerLevel: 1),
        new Schedule(Middle: 1, Lowest: 2, BaseRate: 3, Pauses: 6, PlacesPerLevel: 1),
        new Schedule(Middle: 2, Lowest: 3, BaseRate: 5, Pauses: 6, PlacesPerLevel: 1),
        new Schedule(Middle: 4, Lowest: 7, BaseRate: 9, Pauses: 12, PlacesPerLevel: 1),
        new Schedule(Middle: 14, Lowest: 17, BaseRate: 18, Pauses: 20, PlacesPerLevel: 2),
    ];

    /// <summary>The highest layers that a subscriber is sent.</summary>
    /// <param name="level">0 for everything, to <see cref="MaxLevel"/>.</param>
    /// <param name="importance">Of the video to the subscriber.</param>
    /// <param name="place">The subscription's, below <see cref="Places"/>.</param>
    public static MaxLayers LimitOf(int level, VideoImportance importance, int place)
    {
        Schedule schedule = Schedules[(int)importance];
        int paused = (level - schedule.Pauses + 1) * schedule.PlacesPerLevel;
        int spatial = level >= schedule.Lowest ? 0 : level >= schedule.Middle ? MiddleLayer : int.MaxValue;
        return new MaxLayers(place < paused, spatial, level >= schedule.BaseRate ? 0 : int.MaxValue);
    }

    /// <summary>The levels from which on something of one kind of video is left out.</summary>
    private readonly record struct Schedule(int Middle, int Lowest, int BaseRate, int Pauses, int PlacesPerLevel);
}
