namespace MediaGateway.Rtc.Rtcp;

/// <summary>The entries of a FIR, borrowed from the packet.</summary>
public readonly ref struct FirEntryList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal FirEntryList(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public int Count => _bytes.Length / FirEntry.Length;

    public FirEntry this[int index] => FirEntry.Read(_bytes.Slice(index * FirEntry.Length, FirEntry.Length));

    public Enumerator GetEnumerator() => new(this);

    public ref struct Enumerator
    {
        private readonly FirEntryList _list;
        private int _index;

        internal Enumerator(FirEntryList list)
        {
            _list = list;
            _index = -1;
        }

        public readonly FirEntry Current => _list[_index];

        public bool MoveNext() => ++_index < _list.Count;
    }
}
