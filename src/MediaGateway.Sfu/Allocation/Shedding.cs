using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Allocation;

/// <summary>How much its worker leaves out at the moment, for all that is subscribed to. One per worker.</summary>
public sealed class Shedding
{
    /// <summary>2^32 divided by the golden ratio: however regularly every nth comes to be asked, places are taken evenly.</summary>
    private const uint Step = 2_654_435_769;

    private static readonly int Shift = 32 - int.Log2(SheddingPlan.Places);

    private uint _turns;
    private int _level;

    /// <summary>0 while nothing is left out, to <see cref="SheddingPlan.MaxLevel"/>. Readable from any thread.</summary>
    public int Level
    {
        get => Volatile.Read(ref _level);
        internal set => Volatile.Write(ref _level, value);
    }

    /// <summary>The place of a new subscription, which stays its own: so the same ones keep their video as levels come and go.</summary>
    internal int NextPlace() => (int)(_turns++ * Step >> Shift);

    internal LayerPreference CapOf(VideoImportance importance, int place) => SheddingPlan.CapOf(Level, importance, place);
}
