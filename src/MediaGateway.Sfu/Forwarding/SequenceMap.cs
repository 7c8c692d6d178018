using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// One subscription's reversible map between its sources' sequence numbers and its own continuous ones. It is a short
/// list of runs: within a run, outgoing = incoming + offset. A dropped packet ends a run (the next begins one
/// number closer), a switch to another source begins one. A NACK reverses the map.
/// <para><b>Invariant: outgoing numbers of runs ascend and never overlap.</b></para>
/// </summary>
/// <typeparam name="TSource">What a run's packets came from.</typeparam>
public sealed class SequenceMap<TSource>
    where TSource : class
{
    /// <summary>How many runs are remembered; older ones can't be mapped or reversed any more.</summary>
    public const int MaxRuns = 128;

    private Run[] _runs = new Run[4];
    private int _count;

    /// <summary>The next outgoing number that a new source would begin with.</summary>
    public ExtendedSequence NextOutgoing { get; private set; }

    /// <summary>Packets of the current source up to here have been mapped or dropped.</summary>
    private ExtendedSequence _highestIncoming;

    public SequenceMap(ExtendedSequence first) => NextOutgoing = first;

    /// <summary>Continues the outgoing stream with another source, beginning with its packet <paramref name="first"/>.</summary>
    public void Begin(TSource source, ExtendedSequence first)
    {
        if (_count > 0)
            CloseLast();
        Append(new Run { Source = source, First = first, Last = null, Offset = NextOutgoing - first });
        _highestIncoming = first - 1;
    }

    /// <summary>Maps a packet of the current source; false when it lies before the source's start or was dropped.</summary>
    public bool TryMap(ExtendedSequence incoming, out ExtendedSequence outgoing)
    {
        for (int i = _count - 1; i >= 0 && _runs[i].Source == _runs[_count - 1].Source; i--)
        {
            ref Run run = ref _runs[i];
            if (incoming < run.First)
                continue;
            outgoing = incoming + run.Offset;
            if (run.Last is { } last && incoming > last)
                return false;
            if (run.Last is null && incoming > _highestIncoming)
            {
                _highestIncoming = incoming;
                NextOutgoing = outgoing + 1;
            }
            return true;
        }
        outgoing = default;
        return false;
    }

    /// <summary>
    /// Leaves out a packet of the current source, so that the numbers after it close the gap. False when later packets
    /// have been mapped already: their numbers stand, and the receiver will see the gap.
    /// </summary>
    public bool TryDrop(ExtendedSequence incoming)
    {
        if (_count == 0 || incoming <= _highestIncoming)
            return false;
        ref Run current = ref _runs[_count - 1];
        TSource source = current.Source;
        long offset = current.Offset - 1;
        // Packets between the highest and this one are missing, not dropped: they keep their places in the run.
        _highestIncoming = incoming;
        NextOutgoing = incoming + 1 + offset;
        if (current.First == incoming)
        {
            current.First = incoming + 1;
            current.Offset = offset;
            return true;
        }
        current.Last = incoming - 1;
        Append(new Run { Source = source, First = incoming + 1, Last = null, Offset = offset });
        return true;
    }

    /// <summary>Finds which source's packet went out, or would go out, under a number.</summary>
    public bool TryReverse(ExtendedSequence outgoing, out TSource? source, out ExtendedSequence incoming)
    {
        source = null;
        incoming = default;
        if (outgoing >= NextOutgoing)
            return false;
        for (int i = _count - 1; i >= 0; i--)
        {
            ref Run run = ref _runs[i];
            if (outgoing < run.First + run.Offset)
                continue;
            incoming = outgoing - run.Offset;
            if (run.Last is { } last && incoming > last)
                return false;
            source = run.Source;
            return true;
        }
        return false;
    }

    private void CloseLast()
    {
        ref Run last = ref _runs[_count - 1];
        last.Last = _highestIncoming;
        if (_highestIncoming < last.First)
            _count--;
    }

    private void Append(in Run run)
    {
        if (_count == _runs.Length)
        {
            if (_count < MaxRuns)
            {
                Array.Resize(ref _runs, _count * 2);
            }
            else
            {
                Array.Copy(_runs, 1, _runs, 0, MaxRuns - 1);
                _count--;
            }
        }
        _runs[_count++] = run;
    }

    private struct Run
    {
        public TSource Source;
        public ExtendedSequence First;

        /// <summary>Null while the run is open.</summary>
        public ExtendedSequence? Last;
        public long Offset;
    }
}
