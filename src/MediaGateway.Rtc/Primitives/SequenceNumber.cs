namespace MediaGateway.Rtc.Primitives;

/// <summary>The 16-bit sequence number on the wire (RFC 3550 section 5.1). See <see cref="ExtendedSequence"/>.</summary>
public readonly record struct SequenceNumber(ushort Value)
{
    /// <summary>Serial-number comparison (RFC 1982): positive when this is newer than <paramref name="other"/>.</summary>
    public int DistanceFrom(SequenceNumber other) => (short)(Value - other.Value);
}
