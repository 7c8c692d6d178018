namespace MediaGateway.Sfu.Data;

/// <summary>
/// Walks the fields of a protobuf message, one level deep. It never throws: at bytes that are no field it
/// ends early, short of <see cref="IsAtEnd"/>.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    public const int TagTypeBits = 3;

    private const int MaxVarintLength = 10;

    private ReadOnlySpan<byte> _rest = message;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool TryRead(out WireField field)
    {
        field = default;
        ReadOnlySpan<byte> start = _rest;
        ReadOnlySpan<byte> rest = start;
        if (!TryReadVarint(ref rest, out ulong tag) || tag > uint.MaxValue || tag >> TagTypeBits == 0)
            return false;
        var type = (WireType)(tag & ((1 << TagTypeBits) - 1));
        if (!TryReadValue(ref rest, type, out ulong varint, out ReadOnlySpan<byte> value))
            return false;
        field = new WireField((int)(tag >> TagTypeBits), type, varint, value, start[..^rest.Length]);
        _rest = rest;
        return true;
    }

    private static bool TryReadValue(scoped ref ReadOnlySpan<byte> rest, WireType type, out ulong varint, out ReadOnlySpan<byte> value)
    {
        varint = 0;
        value = default;
        ReadOnlySpan<byte> start = rest;
        switch (type)
        {
            case WireType.Varint:
                if (!TryReadVarint(ref rest, out varint))
                    return false;
                value = start[..^rest.Length];
                return true;
            case WireType.Fixed64:
                return TryTake(ref rest, sizeof(ulong), out value);
            case WireType.Fixed32:
                return TryTake(ref rest, sizeof(uint), out value);
            case WireType.LengthDelimited:
                return TryReadVarint(ref rest, out ulong length) && TryTake(ref rest, length, out value);
            default:
                return false;
        }
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, ulong length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (length > (ulong)rest.Length)
            return false;
        taken = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private static bool TryReadVarint(scoped ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (int i = 0; i < rest.Length && i < MaxVarintLength; i++)
        {
            byte next = rest[i];
            // The tenth byte holds the 64th bit and no more.
            if (i == MaxVarintLength - 1 && next > 1)
                return false;
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }
        return false;
    }
}
