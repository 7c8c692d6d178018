using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// The sources that have proved authentic under one key, each with its replay window. A source is never forgotten:
/// that would let its packets be replayed. A peer has a handful of them, so a scan beats hashing.
/// </summary>
internal sealed class SrtpSourceTable(int capacity, int windowWords)
{
    private const int InitialCapacity = 4;

    private uint[] _ssrcs = new uint[Math.Min(capacity, InitialCapacity)];
    private ReplayWindow[] _windows = new ReplayWindow[Math.Min(capacity, InitialCapacity)];
    private int _count;

    public bool IsFull => _count == capacity;

    /// <summary>The replay window of a source, or null when it is not known.</summary>
    public ReplayWindow? Find(Ssrc ssrc)
    {
        int i = _ssrcs.AsSpan(0, _count).IndexOf(ssrc.Value);
        return i < 0 ? null : _windows[i];
    }

    /// <summary>Adds a source with the index of its first authentic packet; only when not <see cref="IsFull"/>.</summary>
    public void Add(Ssrc ssrc, long firstIndex)
    {
        if (_count == _ssrcs.Length)
        {
            Array.Resize(ref _ssrcs, Math.Min(capacity, _count * 2));
            Array.Resize(ref _windows, _ssrcs.Length);
        }
        _ssrcs[_count] = ssrc.Value;
        _windows[_count] = new ReplayWindow(windowWords, firstIndex);
        _count++;
    }
}
