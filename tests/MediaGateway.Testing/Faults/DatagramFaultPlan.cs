using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Faults;

/// <summary>
/// Plan of faults by the number of a datagram in one direction, from 1. It is a function of that number alone, so
/// that a test repeats.
/// </summary>
public sealed class DatagramFaultPlan
{
    public static readonly DatagramFaultPlan None = new(_ => DatagramFault.None);

    private readonly Func<long, DatagramFault> _faultOf;

    private DatagramFaultPlan(Func<long, DatagramFault> faultOf)
    {
        _faultOf = faultOf;
    }

    /// <summary>The address that <see cref="DatagramFault.Readdress"/> puts in place of the remote one.</summary>
    public TransportAddress OtherAddress { get; init; }

    /// <summary>One fault, on the datagrams of the given numbers.</summary>
    public static DatagramFaultPlan On(DatagramFault fault, params long[] numbers) =>
        new(number => numbers.Contains(number) ? fault : DatagramFault.None);

    /// <summary>One fault, on every <paramref name="period"/>-th datagram.</summary>
    public static DatagramFaultPlan Every(int period, DatagramFault fault) =>
        new(number => number % period == 0 ? fault : DatagramFault.None);

    /// <summary>Readdresses all datagrams from the given number on, as a NAT does that forgot its binding.</summary>
    public static DatagramFaultPlan ReaddressFrom(long number, TransportAddress otherAddress) =>
        new(at => at >= number ? DatagramFault.Readdress : DatagramFault.None) { OtherAddress = otherAddress };

    /// <summary>Independent faults with the given probabilities, the same for the same seed.</summary>
    public static DatagramFaultPlan Seeded(int seed, double lose, double duplicate = 0, double delay = 0) =>
        new(number =>
        {
            double draw = Draw(seed, number);
            return draw < lose ? DatagramFault.Lose
                : draw < lose + duplicate ? DatagramFault.Duplicate
                : draw < lose + duplicate + delay ? DatagramFault.Delay
                : DatagramFault.None;
        });

    public DatagramFault FaultOf(long number) => _faultOf(number);

    /// <summary>SplitMix64 of seed and number, as a fraction of 1.</summary>
    private static double Draw(int seed, long number)
    {
        ulong mixed = ((ulong)(uint)seed << 32) + (ulong)number * 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
