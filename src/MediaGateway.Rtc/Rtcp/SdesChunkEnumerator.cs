using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>Walks the chunks of an SDES (RFC 3550 section 6.5); a truncated chunk ends the walk.</summary>
public ref struct SdesChunkEnumerator
{
    internal const byte CnameItem = 1;
    private const byte EndOfItems = 0;

    private ReadOnlySpan<byte> _rest;
    private int _remaining;

    internal SdesChunkEnumerator(ReadOnlySpan<byte> body, int count)
    {
        _rest = body;
        _remaining = count;
    }

    public SdesChunk Current { get; private set; }

    public readonly SdesChunkEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_remaining == 0 || _rest.Length < sizeof(uint))
            return false;
        int position = sizeof(uint);
        ReadOnlySpan<byte> cname = default;
        while (TryReadItem(ref position, out byte type, out ReadOnlySpan<byte> text))
        {
            if (type == CnameItem)
                cname = text;
        }
        // The list of items ends with at least one null octet, and goes on with them to the next 32-bit boundary.
        int end = (position + 4) & ~3;
        if (end > _rest.Length || _rest[position] != EndOfItems)
            return false;
        Current = new SdesChunk(new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(_rest)), cname);
        _rest = _rest[end..];
        _remaining--;
        return true;
    }

    private readonly bool TryReadItem(scoped ref int position, out byte type, out ReadOnlySpan<byte> text)
    {
        type = EndOfItems;
        text = default;
        if (position + 2 > _rest.Length || _rest[position] == EndOfItems)
            return false;
        int end = position + 2 + _rest[position + 1];
        if (end > _rest.Length)
            return false;
        type = _rest[position];
        text = _rest[(position + 2)..end];
        position = end;
        return true;
    }
}
