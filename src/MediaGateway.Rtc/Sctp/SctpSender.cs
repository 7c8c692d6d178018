using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// The sending half of an association: what waits, what is outstanding, what is lost, and how much may be in flight (RFC
/// 9260 sections 6 and 7), and what is given up (RFC 3758). It writes chunks when asked; packets are the association's.
/// </summary>
internal sealed class SctpSender
{
    /// <summary>
    /// Greatest number of outstanding chunks, no more than a receiver keeps track of; ours takes <see cref="ReceivedTsns.MaxSpan"/>.
    /// </summary>
    private const int MaxOutstanding = 4096;

    /// <summary>A fragment is not cut shorter than this to fill the rest of a packet.</summary>
    private const int MinFragment = 256;

    private const int MissesUntilLost = 3;

    private readonly SctpOptions _options;
    private readonly int _maxFragment;
    private readonly SentChunks _chunks;
    private readonly CongestionWindow _window;
    private readonly RetransmissionTimeout _timeout;
    private readonly ForwardTsnSchedule _forward = new();
    private bool _supportsForwardTsn;
    private Tsn _firstLost;
    private Tsn _highestAcked;
    private long _transmissions;
    private int _timeouts;
    private bool _heardSinceTimeout;
    private bool _mayExceedWindow;

    public SctpSender(SctpOptions options, Tsn initial, RetransmissionTimeout timeout)
    {
        _options = options;
        _timeout = timeout;
        Buffer = new SendBuffer(options.SendBufferLimit);
        _maxFragment = options.MaxPacket - SctpPacketReader.HeaderLength - SctpChunk.HeaderLength - DataChunk.FieldsLength;
        _chunks = new SentChunks(initial);
        _window = new CongestionWindow(_maxFragment);
        _highestAcked = initial - 1;
    }

    /// <summary>Messages that are neither acknowledged nor given up.</summary>
    public SendBuffer Buffer { get; }

    /// <summary>T3-rtx.</summary>
    public MonotonicTime Deadline { get; private set; } = MonotonicTime.Never;

    /// <summary>Room that the remote last said it has, bytes.</summary>
    public uint RemoteWindow { get; private set; }

    public Tsn LastAssigned => _chunks.Next - 1;

    public bool IsIdle => Buffer.IsEmpty && _chunks.Count == 0;

    public void SetRemote(in InitParameters remote)
    {
        RemoteWindow = remote.Window;
        _supportsForwardTsn = remote.SupportsForwardTsn;
    }

    /// <summary>Gives up what has not begun to leave on this channel.</summary>
    public void Discard(DataChannel channel)
    {
        foreach (OutgoingMessage message in channel.Outbox)
        {
            if (message.Assigned == 0)
                Abandon(message);
        }
        Buffer.DropAbandoned();
    }

    /// <summary>RFC 9260 section 6.2.1. False for an acknowledgement of what was never sent.</summary>
    public bool OnSack(in SackChunk sack, MonotonicTime now)
    {
        int cumulative = sack.Cumulative.DistanceFrom(_chunks.First) + 1;
        if (cumulative < 0)
            return true;
        if (cumulative > _chunks.Count)
            return false;
        int flightBefore = _chunks.Flight;
        var acked = new AckedChunks();
        for (int i = 0; i < cumulative; i++)
        {
            acked.Note(_chunks[0]);
            Buffer.Release(_chunks.RemoveFirst().Message);
        }
        bool isConsistent = TryApplyGaps(sack, ref acked, out int gapEnd);

        RemoteWindow = sack.Window;
        _heardSinceTimeout = true;
        if (acked.Bytes > 0)
            _timeouts = 0;
        if (acked.SentAt is { } sentAt)
            _timeout.OnMeasured(now - sentAt);
        if (cumulative > 0)
            _window.OnAcked(acked.Bytes, flightBefore, sack.Cumulative);
        if (acked.Bytes > 0 && CountMisses(gapEnd, acked.NewestOrder))
        {
            _mayExceedWindow |= !_window.IsInRecovery;
            _window.OnLoss(LastAssigned);
        }
        UpdateTimer(hasAdvanced: cumulative > 0, now);
        return isConsistent;
    }

    /// <summary>RFC 9260 section 6.3.3. False when the remote has been silent for too long.</summary>
    public bool OnTimeout(MonotonicTime now)
    {
        if (Deadline > now)
            return true;
        // RFC 9260 section 6.1: a remote that answers, but has no window, may take as long as it likes.
        if (!(RemoteWindow == 0 && _heardSinceTimeout) && ++_timeouts > _options.MaxRetransmissions)
            return false;
        _heardSinceTimeout = false;
        _timeout.BackOff();
        _window.OnTimeout();
        for (int i = 0; i < _chunks.Count; i++)
        {
            if (_chunks[i].State == SentChunkState.InFlight)
                MarkLost(i);
        }
        _forward.OnTimeout();
        Deadline = _chunks.Count > 0 ? now + _timeout.Value : MonotonicTime.Never;
        return true;
    }

    /// <summary>Fills a packet with what may leave now: what was lost, what is new, and where to skip to.</summary>
    public void Write(ref SctpPacketWriter writer, MonotonicTime now)
    {
        bool goesOn = true;
        while (goesOn && _chunks.LostCount > 0)
            goesOn = TryWriteLost(ref writer, now);
        while (goesOn)
            goesOn = TryWriteNew(ref writer, now);
        if (_forward.TryWrite(_chunks, ref writer, _timeout.RoundTrip, now) && Deadline.IsNever)
            Deadline = now + _timeout.Value;
    }

    /// <summary>Returns all buffers; nothing is sent any more.</summary>
    public void Clear()
    {
        while (_chunks.Count > 0)
            Buffer.Release(_chunks.RemoveFirst().Message);
        Buffer.Clear();
        Deadline = MonotonicTime.Never;
    }

    private bool TryWriteLost(ref SctpPacketWriter writer, MonotonicTime now)
    {
        int offset = Math.Max(0, _firstLost.DistanceFrom(_chunks.First));
        while (_chunks[offset].State != SentChunkState.Lost)
            offset++;
        _firstLost = _chunks.First + offset;
        ref SentChunk chunk = ref _chunks[offset];
        if (_supportsForwardTsn && (chunk.Transmissions > chunk.Message.MaxRetransmits || now >= chunk.Message.Expiry))
        {
            Abandon(chunk.Message);
            return true;
        }
        bool isForced = _mayExceedWindow || _chunks.Flight == 0;
        if (writer.Room < DataChunk.FieldsLength + chunk.Length || (!isForced && !MayFly(chunk.Length)))
            return false;
        _mayExceedWindow = false;
        _chunks.SetState(ref chunk, SentChunkState.InFlight);
        chunk.Transmissions++;
        Transmit(ref writer, ref chunk, _firstLost, now);
        if (offset == 0 || Deadline.IsNever)
            Deadline = now + _timeout.Value;
        return true;
    }

    private bool TryWriteNew(ref SctpPacketWriter writer, MonotonicTime now)
    {
        if (!TryPeek(now, out OutgoingMessage message) || _chunks.Count >= MaxOutstanding)
            return false;
        int remaining = message.Length - message.Assigned;
        int length = Math.Min(remaining, _maxFragment), room = writer.Room - DataChunk.FieldsLength;
        if (length > room)
        {
            bool fitsNextPacket = message.Assigned == 0 && remaining <= _maxFragment;
            if (room < MinFragment || (fitsNextPacket && !writer.IsEmpty))
                return false;
            length = room;
        }
        // RFC 9260 section 6.1: with nothing in flight, one chunk may always go, as a probe of a closed window.
        if (_chunks.Flight > 0 && !MayFly(length))
            return false;
        Assign(message, length, now);
        Transmit(ref writer, ref _chunks[_chunks.Count - 1], LastAssigned, now);
        if (Deadline.IsNever)
            Deadline = now + _timeout.Value;
        if (message.Assigned == message.Length)
        {
            Buffer.RemoveFirst();
        }
        return true;
    }

    /// <summary>The window may be exceeded by less than a packet (RFC 9260 section 6.1 B); the remote's must not be.</summary>
    private bool MayFly(int length) => _chunks.Flight < _window.Size && _chunks.Flight + (long)length <= RemoteWindow;

    private void Assign(OutgoingMessage message, int length, MonotonicTime now)
    {
        if (message.Assigned == 0)
        {
            message.FirstTsn = _chunks.Next;
            message.StreamSequence = new SequenceNumber(message.Channel.NextStreamSequence);
            if (!message.IsUnordered)
                message.Channel.NextStreamSequence++;
        }
        _chunks.Add(new SentChunk { Message = message, Offset = message.Assigned, Length = length, SentAt = now, Transmissions = 1 });
        message.Assigned += length;
        message.Fragments++;
        message.References++;
    }

    private void Transmit(ref SctpPacketWriter writer, ref SentChunk chunk, Tsn tsn, MonotonicTime now)
    {
        chunk.SentAt = now;
        chunk.Order = ++_transmissions;
        chunk.MissCount = 0;
        OutgoingMessage message = chunk.Message;
        new DataChunk
        {
            Tsn = tsn,
            StreamId = message.Channel.StreamId,
            StreamSequence = message.StreamSequence,
            Protocol = message.Protocol,
            IsFirst = chunk.Offset == 0,
            IsLast = chunk.Offset + chunk.Length == message.Length,
            IsUnordered = message.IsUnordered,
            UserData = message.Data.Slice(chunk.Offset, chunk.Length),
        }.Write(ref writer);
    }

    /// <summary>The message whose fragment is next; what has expired meanwhile is given up.</summary>
    private bool TryPeek(MonotonicTime now, out OutgoingMessage message)
    {
        Buffer.DropAbandoned();
        while (Buffer.TryPeek(out message))
        {
            if (now < message.Expiry || !_supportsForwardTsn)
                return true;
            Abandon(message);
            Buffer.DropAbandoned();
        }
        return false;
    }

    /// <summary>
    /// Gives a message up, with all its fragments (RFC 3758 section 3.5 A3). If not all of them have left, one TSN stands for
    /// the rest: those that have left may be acknowledged already, and the remote must still be told to go past them.
    /// </summary>
    private void Abandon(OutgoingMessage message)
    {
        message.IsAbandoned = true;
        if (message.Assigned > 0 && message.Assigned < message.Length)
        {
            _chunks.Add(new SentChunk { Message = message, State = SentChunkState.Abandoned });
            message.References++;
        }
        for (int i = 0; i < message.Fragments; i++)
        {
            int offset = (message.FirstTsn + i).DistanceFrom(_chunks.First);
            if (offset >= 0)
                _chunks.SetState(ref _chunks[offset], SentChunkState.Abandoned);
        }
        Buffer.ReleaseData(message);
    }

    /// <summary>Gap blocks ascend and lie within what was sent; nothing is to be made of others.</summary>
    private bool TryApplyGaps(in SackChunk sack, ref AckedChunks acked, out int end)
    {
        end = 0;
        for (int i = 0; i < sack.GapBlockCount; i++)
        {
            (int start, int last) = sack.GapBlock(i);
            if (start <= end || last < start || last > _chunks.Count)
                return false;
            Withdraw(end, start - 1);
            for (int offset = start - 1; offset < last; offset++)
            {
                ref SentChunk chunk = ref _chunks[offset];
                acked.Note(chunk);
                if (chunk.State is SentChunkState.InFlight or SentChunkState.Lost)
                    _chunks.SetState(ref chunk, SentChunkState.Acked);
            }
            end = last;
        }
        Withdraw(end, _highestAcked.DistanceFrom(_chunks.First) + 1);
        _highestAcked = _chunks.First + (end - 1);
        return true;
    }

    /// <summary>
    /// Makes chunks outstanding again that an earlier gap block acknowledged and this SACK does not (RFC 9260 section 6.2.1 D iii).
    /// </summary>
    private void Withdraw(int from, int to)
    {
        for (int offset = from; offset < to; offset++)
        {
            if (_chunks[offset].State == SentChunkState.Acked)
                _chunks.SetState(ref _chunks[offset], SentChunkState.InFlight);
        }
    }

    /// <summary>
    /// Counts what was sent before something that has just been acknowledged. Deviation from RFC 9260 section 7.2.4: the order
    /// of transmission counts, not that of TSNs, so that a retransmission that is lost too is found without a timeout.
    /// </summary>
    private bool CountMisses(int end, long newestOrder)
    {
        bool anyLost = false;
        for (int offset = 0; offset < end; offset++)
        {
            ref SentChunk chunk = ref _chunks[offset];
            if (chunk.State == SentChunkState.InFlight && chunk.Order < newestOrder && ++chunk.MissCount >= MissesUntilLost)
            {
                MarkLost(offset);
                anyLost = true;
            }
        }
        return anyLost;
    }

    private void MarkLost(int offset)
    {
        Tsn tsn = _chunks.First + offset;
        if (_chunks.LostCount == 0 || tsn < _firstLost)
            _firstLost = tsn;
        _chunks.SetState(ref _chunks[offset], SentChunkState.Lost);
    }

    private void UpdateTimer(bool hasAdvanced, MonotonicTime now)
    {
        if (_chunks.Count == 0)
        {
            Deadline = MonotonicTime.Never;
            _window.OnIdle();
        }
        else if (hasAdvanced || Deadline.IsNever)
        {
            Deadline = now + _timeout.Value;
        }
    }
}
