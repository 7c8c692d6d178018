namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// A sequence number that does not wrap: roll-over counter above the 16 bits on the wire (RFC 3711 section 3.3.1
/// calls it the packet index). Never negative for a stream that began at index 0 or later.
/// </summary>
public readonly record struct ExtendedSequence(long Value) : IComparable<ExtendedSequence>
{
    public SequenceNumber Wire => new((ushort)Value);

    public uint RollOverCounter => (uint)(Value >> 16);

    /// <summary>The index nearest to <paramref name="reference"/> that has this wire number (RFC 3711 appendix A).</summary>
    public static ExtendedSequence Nearest(SequenceNumber wire, ExtendedSequence reference) =>
        new(reference.Value + wire.DistanceFrom(reference.Wire));

    public static ExtendedSequence operator +(ExtendedSequence sequence, long count) => new(sequence.Value + count);

    public static ExtendedSequence operator -(ExtendedSequence sequence, long count) => new(sequence.Value - count);

    public static long operator -(ExtendedSequence a, ExtendedSequence b) => a.Value - b.Value;

    public static bool operator <(ExtendedSequence a, ExtendedSequence b) => a.Value < b.Value;

    public static bool operator >(ExtendedSequence a, ExtendedSequence b) => a.Value > b.Value;

    public static bool operator <=(ExtendedSequence a, ExtendedSequence b) => a.Value <= b.Value;

    public static bool operator >=(ExtendedSequence a, ExtendedSequence b) => a.Value >= b.Value;

    public int CompareTo(ExtendedSequence other) => Value.CompareTo(other.Value);
}
