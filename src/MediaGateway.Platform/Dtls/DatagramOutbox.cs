using System.Runtime.CompilerServices;

namespace MediaGateway.Platform.Dtls;

/// <summary>Datagrams in a borrowed block of memory, each an int length and its bytes.</summary>
internal unsafe struct DatagramOutbox(byte* start, int capacity)
{
    private readonly byte* _start = start;
    private readonly int _capacity = capacity;
    private int _length;

    internal bool TryAppend(byte* data, int length)
    {
        if (_capacity - _length < sizeof(int) + length)
            return false;
        byte* slot = _start + _length;
        Unsafe.WriteUnaligned(slot, length);
        Unsafe.CopyBlockUnaligned(slot + sizeof(int), data, (uint)length);
        _length += sizeof(int) + length;
        return true;
    }

    /// <summary>The datagram at <paramref name="position"/>, which advances to the next one.</summary>
    internal readonly bool TryTake(ref int position, out ReadOnlySpan<byte> datagram)
    {
        datagram = default;
        if (position >= _length)
            return false;
        byte* slot = _start + position;
        datagram = new ReadOnlySpan<byte>(slot + sizeof(int), Unsafe.ReadUnaligned<int>(slot));
        position += sizeof(int) + datagram.Length;
        return true;
    }

    internal void Clear() => _length = 0;
}
