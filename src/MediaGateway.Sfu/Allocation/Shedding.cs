using System.Diagnostics;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>Shedding state of one worker: how much it leaves out at the moment, and the receivers that share what it sends.</summary>
public sealed class Shedding
{
    /// <summary>2^32 divided by the golden ratio: however regularly every nth subscription is a video, places are taken evenly.</summary>
    private const uint Step = 2_654_435_769;

    private static readonly int Shift = 32 - int.Log2(SheddingPlan.Places);

    private readonly List<Downlink> _downlinks = [];
    private uint _turns;
    private int _level;

    /// <summary>0 while nothing is left out, to <see cref="SheddingPlan.MaxLevel"/>. Readable from any thread.</summary>
    public int Level => Volatile.Read(ref _level);

    /// <summary>Everybody who receives something on the worker.</summary>
    internal IReadOnlyList<Downlink> Downlinks => _downlinks;

    /// <summary>The place of a new subscription, which stays its own: so the same ones keep their video as levels come and go.</summary>
    internal int NextPlace() => (int)(_turns++ * Step >> Shift);

    /// <summary>The limit that the level in force sets on a video.</summary>
    internal LayerLimit LimitOf(VideoImportance importance, int place) =>
        new(SheddingPlan.LimitOf(Level, importance, place), LimitCause.Overload);

    internal void Add(Downlink downlink)
    {
        downlink.Index = _downlinks.Count;
        _downlinks.Add(downlink);
    }

    internal void Remove(Downlink downlink)
    {
        if (downlink.Index < 0)
            return;
        Debug.Assert(_downlinks[downlink.Index] == downlink, "The downlink is of another worker.");
        Downlink last = _downlinks[^1];
        _downlinks[downlink.Index] = last;
        last.Index = downlink.Index;
        _downlinks.RemoveAt(_downlinks.Count - 1);
        downlink.Index = -1;
    }

    /// <summary>Puts a level into force, for all receivers at once.</summary>
    /// <returns>Whether anything else is sent than before.</returns>
    internal bool Apply(int level, MonotonicTime now)
    {
        Volatile.Write(ref _level, level);
        bool isChanged = false;
        // Backwards: a receiver that is discarded for a bug gives its place to one that has had its turn.
        for (int i = _downlinks.Count - 1; i >= 0; i--)
        {
            Downlink downlink = _downlinks[i];
            try
            {
                isChanged |= downlink.Shed(now);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                downlink.OnFault(fault, now);
            }
        }
        return isChanged;
    }
}
