using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// Reader of transport-wide feedback: it finds the packets that were sent, and hands on one result for each. What receivers do that the
/// draft does not say is borne: reports that overlap, repeat or skip, that come late or not at all, that name numbers nobody sent.
/// <para><b>Invariant: no packet has two results.</b></para>
/// </summary>
/// <param name="log">The packets that were sent.</param>
internal sealed class FeedbackAdapter(SentPacketLog log)
{
    /// <summary>Number of results that are handed on at once.</summary>
    private const int BatchSize = 128;

    /// <summary>
    /// Time by which a packet may be overtaken before it counts as lost: a jitter of 50 ms is common on radio. Doubled when a packet
    /// came later than that, as RFC 8985 section 6.2 does, and back after <see cref="WindowLifetime"/>.
    /// </summary>
    private static readonly TimeSpan LeastWindow = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LongestWindow = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan WindowLifetime = TimeSpan.FromSeconds(10);

    private TimeSpan _window = LeastWindow;
    private MonotonicTime _widened;

    /// <summary>Count of the packet behind the last one that a report covered.</summary>
    private long _end;

    /// <summary>All packets before this count are settled.</summary>
    private long _settled;

    /// <summary>Time at which the newest packet that a report covered was sent.</summary>
    private MonotonicTime _newest;

    private byte _lastCount;
    private TimeSpan _lastReference;

    /// <summary>The receiver's clock at the reference time of the last report, without its wraps.</summary>
    private TimeSpan _clock;

    /// <summary>Number of reports that were read.</summary>
    public long Reports { get; private set; }

    /// <summary>Number of reports that did not arrive, by their count.</summary>
    public long ReportsLost { get; private set; }

    /// <summary>Number of arrivals told of packets that are not known: never sent, or too long ago.</summary>
    public long Unmatched { get; private set; }

    /// <summary>Number of arrivals told of packets that had been counted as lost.</summary>
    public long Late { get; private set; }

    /// <summary>Reads a report and hands on the results.</summary>
    public void Read(in TransportFeedbackView report, IPacketResultSink sink, MonotonicTime now)
    {
        bool isAfterLost = NoteCount(report.FeedbackCount);
        TimeSpan offset = Unwrap(report.ReferenceTime) - report.ReferenceTime;
        Reports++;
        if (_window > LeastWindow && now - _widened > WindowLifetime)
            _window = LeastWindow;
        // What a report speaks of was sent, so its numbers lie behind the next one.
        long first = log.Next - (ushort)(log.Next - report.BaseSequence.Value);
        long end = Math.Min(first + report.StatusCount, log.Next);
        if (first >= end)
        {
            foreach (PacketArrival _ in report.Arrivals)
                Unmatched++;
            return;
        }
        if (end > log.First)
            _newest = MonotonicTime.Max(_newest, log[end - 1].Sent);
        var results = new ResultBatch(stackalloc PacketResult[BatchSize], sink, now);
        long count = Math.Max(_settled, log.First);
        // What one report leaves out behind the other did not arrive; where one was lost, or none came yet, nobody knows.
        if (isAfterLost)
            SkipUnreported(Math.Max(count, _end), Math.Min(first, end));
        foreach (PacketArrival arrival in report.Arrivals)
        {
            long arrived = first + (ushort)(arrival.Sequence.Value - report.BaseSequence.Value);
            for (; count < Math.Min(arrived, end); count++)
                OnMissing(ref log[count], ref results);
            OnArrival(arrived, arrival.Time + offset, ref results, now);
            count = Math.Max(count, arrived + 1);
        }
        for (; count < end; count++)
            OnMissing(ref log[count], ref results);
        results.Flush();
        _end = Math.Max(_end, end);
        log.Trim(now);
        MoveSettled();
    }

    private void OnArrival(long count, TimeSpan time, ref ResultBatch results, MonotonicTime now)
    {
        if (count < log.First || count >= log.Next)
        {
            Unmatched++;
            return;
        }
        ref SentPacket packet = ref log[count];
        switch (packet.Fate)
        {
            case PacketFate.InFlight or PacketFate.Missing or PacketFate.Unknown:
                log.Settle(ref packet, PacketFate.Received);
                results.Add(new PacketResult(packet.Sent, time, IsReceived: true, packet.Bytes, packet.Probe));
                break;
            case PacketFate.Lost:
                packet.Fate = PacketFate.Received;
                Late++;
                Widen(now);
                break;
        }
    }

    private void OnMissing(ref SentPacket packet, ref ResultBatch results)
    {
        if (packet.Fate is not (PacketFate.InFlight or PacketFate.Missing))
            return;
        if (_newest - packet.Sent < _window)
        {
            log.Settle(ref packet, PacketFate.Missing);
            return;
        }
        log.Settle(ref packet, PacketFate.Lost);
        results.Add(new PacketResult(packet.Sent, default, IsReceived: false, packet.Bytes, packet.Probe));
    }

    /// <summary>Gives up packets that only a report that was lost has told of.</summary>
    private void SkipUnreported(long from, long end)
    {
        for (long count = from; count < end; count++)
        {
            ref SentPacket packet = ref log[count];
            if (packet.Fate == PacketFate.InFlight)
                log.Settle(ref packet, PacketFate.Unknown);
        }
    }

    private void MoveSettled()
    {
        _settled = Math.Max(_settled, log.First);
        while (_settled < _end && log[_settled].Fate is not (PacketFate.InFlight or PacketFate.Missing))
            _settled++;
    }

    private void Widen(MonotonicTime now)
    {
        // Once for all packets of one delay.
        if (now == _widened)
            return;
        _widened = now;
        _window = _window * 2 < LongestWindow ? _window * 2 : LongestWindow;
    }

    /// <summary>Returns whether there may have been reports right before this one that did not arrive. The count has 8 bits.</summary>
    private bool NoteCount(byte count)
    {
        int step = Reports == 0 ? 1 : (sbyte)(byte)(count - _lastCount);
        if (step <= 0)
            return false;
        _lastCount = count;
        ReportsLost += step - 1;
        return step > 1 || Reports == 0;
    }

    private TimeSpan Unwrap(TimeSpan reference)
    {
        TimeSpan step = Reports == 0 ? reference : reference - _lastReference, period = TransportFeedbackView.ClockPeriod;
        if (step > period / 2)
            step -= period;
        else if (step < -period / 2)
            step += period;
        _lastReference = reference;
        return _clock += step;
    }

    /// <summary>Results on their way to the sink.</summary>
    private ref struct ResultBatch(Span<PacketResult> results, IPacketResultSink sink, MonotonicTime now)
    {
        private readonly Span<PacketResult> _results = results;
        private int _count;

        public void Add(in PacketResult result)
        {
            if (_count == _results.Length)
                Flush();
            _results[_count++] = result;
        }

        public void Flush()
        {
            if (_count > 0)
                sink.OnResults(_results[.._count], now);
            _count = 0;
        }
    }
}
