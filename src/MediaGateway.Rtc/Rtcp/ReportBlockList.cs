namespace MediaGateway.Rtc.Rtcp;

/// <summary>The report blocks of an SR or RR, borrowed from the packet.</summary>
public readonly ref struct ReportBlockList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal ReportBlockList(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public int Count => _bytes.Length / ReportBlock.Length;

    public ReportBlock this[int index] => ReportBlock.Read(_bytes.Slice(index * ReportBlock.Length, ReportBlock.Length));

    public Enumerator GetEnumerator() => new(this);

    public ref struct Enumerator
    {
        private readonly ReportBlockList _list;
        private int _index;

        internal Enumerator(ReportBlockList list)
        {
            _list = list;
            _index = -1;
        }

        public readonly ReportBlock Current => _list[_index];

        public bool MoveNext() => ++_index < _list.Count;
    }
}
