namespace MediaGateway.Rtc.Transport;

/// <summary>
/// Up to three bytes of a payload that change on the way to one subscriber (codec picture numbers), so that the
/// shared packet is never touched: they are applied in the outgoing slot.
/// </summary>
public struct PayloadEdits
{
    private ushort _offset0;
    private ushort _offset1;
    private ushort _offset2;
    private byte _value0;
    private byte _value1;
    private byte _value2;

    public int Count { get; private set; }

    /// <exception cref="InvalidOperationException">More than three edits: a bug in a codec rewriter.</exception>
    public void Set(int offset, byte value)
    {
        switch (Count++)
        {
            case 0:
                (_offset0, _value0) = ((ushort)offset, value);
                break;
            case 1:
                (_offset1, _value1) = ((ushort)offset, value);
                break;
            case 2:
                (_offset2, _value2) = ((ushort)offset, value);
                break;
            default:
                throw new InvalidOperationException("A payload takes at most three edits.");
        }
    }

    public readonly void Apply(Span<byte> payload)
    {
        if (Count > 0)
            payload[_offset0] = _value0;
        if (Count > 1)
            payload[_offset1] = _value1;
        if (Count > 2)
            payload[_offset2] = _value2;
    }
}
