using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>SSRCs one after the other, borrowed from the packet.</summary>
public readonly ref struct SsrcList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal SsrcList(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public int Count => _bytes.Length / sizeof(uint);

    public Ssrc this[int index] => new(BinaryPrimitives.ReadUInt32BigEndian(_bytes[(index * sizeof(uint))..]));

    public Enumerator GetEnumerator() => new(this);

    public ref struct Enumerator
    {
        private readonly SsrcList _list;
        private int _index;

        internal Enumerator(SsrcList list)
        {
            _list = list;
            _index = -1;
        }

        public readonly Ssrc Current => _list[_index];

        public bool MoveNext() => ++_index < _list.Count;
    }
}
