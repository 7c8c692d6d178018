namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// The replay list of one source (RFC 3711 section 3.3.2): which of the newest <see cref="Size"/> indices have been
/// seen. The bits stand in a ring of words that is cleared a word at a time as the window moves on (RFC 6479), so one
/// word of the ring is always partly stale and does not count towards the size.
/// </summary>
internal sealed class ReplayWindow
{
    private const int WordBits = 64;

    private readonly ulong[] _words;

    /// <summary>A window that has seen one index.</summary>
    /// <param name="words">64-bit words in the ring, a power of two.</param>
    /// <param name="first">The first index seen, not negative.</param>
    public ReplayWindow(int words, long first)
    {
        _words = new ulong[words];
        Highest = first;
        Mark(first);
    }

    /// <summary>The highest index seen.</summary>
    public long Highest { get; private set; }

    /// <summary>Largest distance below <see cref="Highest"/> at which an unseen index is still recognized as unseen.</summary>
    public int Size => (_words.Length - 1) * WordBits;

    /// <summary>True when <paramref name="index"/> was seen before, or is too old to tell. Changes nothing.</summary>
    public bool IsReplay(long index)
    {
        if (index > Highest)
            return false;
        if (Highest - index >= Size)
            return true;
        return (WordOf(index) & BitOf(index)) != 0;
    }

    /// <summary>Notes an index that <see cref="IsReplay"/> let through and whose packet proved authentic.</summary>
    public void Add(long index)
    {
        if (index > Highest)
            MoveTo(index);
        Mark(index);
    }

    private void MoveTo(long index)
    {
        long word = Highest / WordBits;
        long newWords = Math.Min(index / WordBits - word, _words.Length);
        for (long i = 1; i <= newWords; i++)
            _words[(int)((word + i) & (_words.Length - 1))] = 0;
        Highest = index;
    }

    private void Mark(long index) => WordOf(index) |= BitOf(index);

    private ref ulong WordOf(long index) => ref _words[(int)(index / WordBits) & (_words.Length - 1)];

    private static ulong BitOf(long index) => 1UL << (int)(index % WordBits);
}
