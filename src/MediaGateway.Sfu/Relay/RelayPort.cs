using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Sfu.Relay;

/// <summary>
/// A worker's end of the way to one other worker: a ring for each direction, and the other's wake-up. A record that has to arrive
/// (<see cref="Tell"/>) waits in a queue while the ring is full, and nothing overtakes it; one that may be lost is lost then.
/// The queue is bounded: another worker that stands still may not take this one's memory. At the bound what waits is discarded, and
/// once there is room again the sender says its whole state in its place (<see cref="TryBeginAnew"/>).
/// Used by its own worker's thread alone; the rings are all that both ends share.
/// </summary>
internal sealed class RelayPort
{
    /// <summary>Share of a ring, as a divisor, that packets leave to records that have to arrive.</summary>
    private const int PartsSpared = 16;

    /// <summary>Memory of what may wait, as a multiple of the ring.</summary>
    private const int RingsWaiting = 4;

    /// <summary>Memory of a waiting record beside its bytes.</summary>
    private const int RecordOverhead = 32;

    private readonly RelayRing _outgoing;
    private readonly RelayRing _incoming;
    private readonly IWakeup _other;
    private readonly int _spare;
    private readonly Queue<byte[]> _waiting = new();
    private long _waitingBytes;
    private long _maxWaitingBytes;

    private RelayPort(RelayRing outgoing, RelayRing incoming, IWakeup other)
    {
        _outgoing = outgoing;
        _incoming = incoming;
        _other = other;
        _spare = outgoing.Capacity / PartsSpared;
        _maxWaitingBytes = RingsWaiting * outgoing.Capacity;
    }

    /// <summary>True when a record waits for the other worker to make room, or the whole state does.</summary>
    public bool IsBehind => _waiting.Count > 0 || IsOutOfStep;

    /// <summary>
    /// True when more had to arrive than may wait: nothing more is sent until the whole state is (<see cref="TryBeginAnew"/>).
    /// </summary>
    public bool IsOutOfStep { get; private set; }

    /// <summary>Memory of the records that wait, bytes.</summary>
    public long WaitingBytes => _waitingBytes;

    /// <summary>Makes the two ends of one way. To be called before either worker's thread runs.</summary>
    /// <param name="one">Wake-up of one worker.</param>
    /// <param name="other">Wake-up of the other worker.</param>
    /// <param name="capacity">Size of each ring, bytes.</param>
    public static (RelayPort One, RelayPort Other) Connect(IWakeup one, IWakeup other, int capacity)
    {
        var there = new RelayRing(capacity);
        var back = new RelayRing(capacity);
        return (new RelayPort(there, back, other), new RelayPort(back, there, one));
    }

    /// <summary>Sends a record that arrives, in order with all others, or is part of the state that is sent in its place.</summary>
    public void Tell(ReadOnlySpan<byte> record)
    {
        if (IsOutOfStep || (!IsBehind && TryWrite(record, spare: 0)))
            return;
        if (_waitingBytes + SizeOf(record) > _maxWaitingBytes)
        {
            IsOutOfStep = true;
            _waiting.Clear();
            _waitingBytes = 0;
            return;
        }
        _waiting.Enqueue(record.ToArray());
        _waitingBytes += SizeOf(record);
    }

    /// <summary>
    /// True when records were discarded and half of the ring is free, so that the other worker moves again: the sender is to say its
    /// whole state now, which may wait at any length, and then <see cref="EndState"/>.
    /// </summary>
    public bool TryBeginAnew()
    {
        if (!IsOutOfStep || !_outgoing.TryReserve(1, _outgoing.Capacity / 2, out _))
            return false;
        IsOutOfStep = false;
        _maxWaitingBytes = long.MaxValue;
        return true;
    }

    /// <summary>The whole state has been said. What comes now may wait as before, beside what of the state waits.</summary>
    public void EndState() => _maxWaitingBytes = _waitingBytes + (RingsWaiting * _outgoing.Capacity);

    /// <summary>Sends a record if there is room.</summary>
    public bool TryTell(ReadOnlySpan<byte> record) => !IsBehind && TryWrite(record, _spare);

    /// <summary>Room for a record that is written in place, until <see cref="Commit"/>; none while others wait.</summary>
    public bool TryReserve(int length, out Span<byte> record)
    {
        record = default;
        return !IsBehind && _outgoing.TryReserve(length, _spare, out record);
    }

    public void Commit() => _outgoing.Commit();

    /// <summary>Shows the other worker what was sent, and wakes it.</summary>
    public void Publish()
    {
        while (_waiting.TryPeek(out byte[]? record) && TryWrite(record, spare: 0))
            _waitingBytes -= SizeOf(_waiting.Dequeue());
        if (_outgoing.Publish())
            _other.Wake();
    }

    /// <summary>The next record of the other worker, borrowed until <see cref="Release"/>.</summary>
    public bool TryRead(out ReadOnlySpan<byte> record) => _incoming.TryRead(out record);

    public void Release() => _incoming.Release();

    private static int SizeOf(ReadOnlySpan<byte> record) => record.Length + RecordOverhead;

    private bool TryWrite(ReadOnlySpan<byte> record, int spare)
    {
        if (!_outgoing.TryReserve(record.Length, spare, out Span<byte> destination))
            return false;
        record.CopyTo(destination);
        _outgoing.Commit();
        return true;
    }
}
