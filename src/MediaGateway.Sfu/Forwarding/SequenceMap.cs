using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// One subscription's reversible map between its sources' sequence numbers and its own continuous ones. It is a short
/// list of runs: within a run, outgoing = incoming + offset. A dropped packet ends a run (the next begins one
/// number closer), and so does a switch to another source or to other constants. A NACK reverses the map.
/// <para><b>Invariant: outgoing numbers of runs ascend and never overlap; what a number stands for never changes.</b></para>
/// </summary>
/// <typeparam name="TSource">What a run's packets came from.</typeparam>
/// <typeparam name="TConstants">What else all packets of a run have in common.</typeparam>
public sealed class SequenceMap<TSource, TConstants>
    where TSource : class
    where TConstants : struct
{
    /// <summary>
    /// Number of runs that are remembered; older ones can't be mapped or reversed any more. Leaving out layers takes a run per
    /// picture: this is 4 s at 30 pictures a second, more than the packet history holds. A power of 2.
    /// </summary>
    public const int MaxRuns = 128;

    private Run[] _runs = new Run[1];
    private int _oldest;
    private int _count;

    /// <summary>Number of the newest runs that are the current source's.</summary>
    private int _current;

    /// <summary>
    /// Highest number of the current source that has been mapped or dropped; missing packets before it keep their places.
    /// </summary>
    private ExtendedSequence _highestIncoming;

    public SequenceMap(ExtendedSequence first) => NextOutgoing = first;

    /// <summary>The next outgoing number that a new source would begin with.</summary>
    public ExtendedSequence NextOutgoing { get; private set; }

    /// <summary>Continues the outgoing stream with another source, beginning with its packet <paramref name="first"/>.</summary>
    public void Begin(TSource source, in TConstants constants, ExtendedSequence first)
    {
        if (_count > 0)
            CloseNewest();
        _current = 0;
        Append(new Run { Source = source, Constants = constants, First = first, Last = Run.Open, Offset = NextOutgoing - first });
        _highestIncoming = first - 1;
    }

    /// <summary>
    /// Begins a run with other constants at a packet of the current source, which must be ahead. Missing packets before
    /// it keep their places among the old ones.
    /// </summary>
    public void Continue(in TConstants constants, ExtendedSequence first)
    {
        ref Run newest = ref At(_count - 1);
        _highestIncoming = first - 1;
        NextOutgoing = first + newest.Offset;
        Split(ref newest, constants, first - 1, first, newest.Offset);
    }

    /// <summary>
    /// Reserves numbers of the outgoing stream that stand for no source's packets, right before a packet of the current source, which
    /// must be ahead. Missing packets before it keep their places, in front of the reserved ones.
    /// </summary>
    /// <param name="first">The packet.</param>
    /// <param name="count">How many numbers.</param>
    /// <returns>The first of them.</returns>
    public ExtendedSequence Reserve(ExtendedSequence first, int count)
    {
        ref Run newest = ref At(_count - 1);
        ExtendedSequence reserved = first + newest.Offset;
        _highestIncoming = first - 1;
        NextOutgoing = reserved + count;
        Split(ref newest, newest.Constants, first - 1, first, newest.Offset + count);
        return reserved;
    }

    /// <summary>Fetches the runs; see <see cref="IPrefetcher"/>.</summary>
    public void Prefetch(IPrefetcher prefetcher) => prefetcher.Prefetch(_runs, 3);

    /// <summary>Tells whether a packet of the current source comes behind all that were mapped or dropped.</summary>
    public bool IsAhead(ExtendedSequence incoming) => incoming > _highestIncoming;

    /// <summary>Maps a packet of the current source; false when it lies before the source's start or was dropped.</summary>
    public bool TryMap(ExtendedSequence incoming, out ExtendedSequence outgoing, out TConstants constants)
    {
        int index = FindIncoming(incoming);
        if (index < 0 || incoming > At(index).Last)
        {
            outgoing = default;
            constants = default;
            return false;
        }
        ref Run run = ref At(index);
        outgoing = incoming + run.Offset;
        constants = run.Constants;
        if (incoming > _highestIncoming)
        {
            _highestIncoming = incoming;
            NextOutgoing = outgoing + 1;
        }
        return true;
    }

    /// <summary>
    /// Leaves out packets of the current source, so that the numbers after them close the gap. False when packets as
    /// late have been mapped already: their numbers stand, and the receiver will see the gap.
    /// </summary>
    /// <param name="first">First packet left out; missing ones before it keep their places.</param>
    /// <param name="last">Last packet left out.</param>
    /// <param name="constants">The constants of the packets after it.</param>
    public bool TryDrop(ExtendedSequence first, ExtendedSequence last, in TConstants constants)
    {
        if (_count == 0 || first <= _highestIncoming)
            return false;
        ref Run newest = ref At(_count - 1);
        long offset = newest.Offset - (last - first + 1);
        _highestIncoming = last;
        NextOutgoing = last + 1 + offset;
        Split(ref newest, constants, first - 1, last + 1, offset);
        return true;
    }

    /// <summary>The constants of the run that the next packet of the current source falls into.</summary>
    public TConstants CurrentConstants => At(_count - 1).Constants;

    /// <summary>Finds which source's packet went out, or would go out, under a number.</summary>
    public bool TryReverse(ExtendedSequence outgoing, out TSource? source, out TConstants constants, out ExtendedSequence incoming)
    {
        source = null;
        constants = default;
        incoming = default;
        int index = outgoing < NextOutgoing ? FindOutgoing(outgoing) : -1;
        if (index < 0)
            return false;
        ref Run run = ref At(index);
        incoming = outgoing - run.Offset;
        if (incoming > run.Last)
            return false;
        source = run.Source;
        constants = run.Constants;
        return true;
    }

    /// <summary>The newest run of the current source that begins at or before a packet; -1 if there is none.</summary>
    private int FindIncoming(ExtendedSequence incoming)
    {
        int low = _count - _current - 1, high = _count - 1;
        if (high >= 0 && incoming >= At(high).First)
            return high;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (At(middle).First <= incoming)
                low = middle;
            else
                high = middle;
        }
        return low < _count - _current ? -1 : low;
    }

    private int FindOutgoing(ExtendedSequence outgoing)
    {
        int low = -1, high = _count;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (At(middle).First + At(middle).Offset <= outgoing)
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    private void CloseNewest()
    {
        ref Run newest = ref At(_count - 1);
        newest.Last = _highestIncoming;
        if (_highestIncoming < newest.First)
            _count--;
    }

    /// <summary>Ends the open run with one packet and begins the next with another; an empty one is replaced.</summary>
    private void Split(ref Run newest, in TConstants constants, ExtendedSequence last, ExtendedSequence first, long offset)
    {
        var next = new Run { Source = newest.Source, Constants = constants, First = first, Last = Run.Open, Offset = offset };
        if (newest.First > last)
        {
            newest = next;
            return;
        }
        newest.Last = last;
        Append(next);
    }

    private void Append(in Run run)
    {
        if (_count == MaxRuns)
            _oldest = (_oldest + 1) % MaxRuns;
        else if (++_count > _runs.Length)
            Array.Resize(ref _runs, _runs.Length * 2);
        _current = Math.Min(_current + 1, _count);
        At(_count - 1) = run;
    }

    /// <summary>The run at a position counted from the oldest. The ring turns only at its full size.</summary>
    private ref Run At(int index) => ref _runs[(_oldest + index) & (_runs.Length - 1)];

    private struct Run
    {
        public static readonly ExtendedSequence Open = new(long.MaxValue);

        public TSource Source;
        public TConstants Constants;
        public ExtendedSequence First;

        /// <summary>Last incoming number of the run; <see cref="Open"/> while packets may still be added.</summary>
        public ExtendedSequence Last;
        public long Offset;
    }
}
