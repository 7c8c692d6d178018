using System.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Makes messages out of DATA chunks (RFC 9260 sections 6.5, 6.6 and 6.9). A message is ready as soon as all of it is
/// there and, on an ordered stream, all before it; gaps in other streams don't hold it up. Memory is bounded by a cost
/// that is reckoned for everything held.
/// <para><b>All chunks below the cumulative point that are still held belong to the one message that it is in.</b> RFC 9260
/// section 6.9 gives a message's fragments consecutive TSNs, so any other incomplete one can never be completed.</para>
/// </summary>
internal sealed class Reassembly(int maxStreams, int maxMessageSize)
{
    private const int MinStreams = 8;

    private readonly HeldChunks _held = new();
    private readonly Queue<ReceivedMessage> _ready = new();
    private InboundStream?[] _streams = [];
    private Tsn? _openStart;
    private int _waitingCost;

    /// <summary>Cost of everything held, in bytes of receive window.</summary>
    public int Cost => _held.Cost + _waitingCost;

    /// <summary>
    /// Takes a chunk whose TSN has not come before. <see cref="ChunkFate.Deliver"/> says that it is a whole message whose turn
    /// it is: nothing is copied, the caller delivers it, and then what <see cref="TryTakeReady"/> gives.
    /// </summary>
    public ChunkFate Add(in DataChunk data, Tsn cumulative)
    {
        if (data.StreamId >= maxStreams)
            return ChunkFate.Ignored;
        if (data.IsFirst && data.IsLast && IsDue(data))
        {
            Queue(data);
            return ChunkFate.Deliver;
        }
        if (!_held.TryAdd(data, _openStart ?? cumulative + 1))
            return ChunkFate.NoRoom;
        ref HeldChunk first = ref _held.Join(data.Tsn);
        if (first.RunLength > maxMessageSize)
            return ChunkFate.TooLong;
        if (_held.IsComplete(first))
            Complete(first);
        return ChunkFate.Held;
    }

    /// <summary>The cumulative point has moved: what it passed and can't become a message any more is forgotten.</summary>
    public void OnAdvanced(Tsn from, Tsn to)
    {
        for (Tsn tsn = from + 1; tsn <= to; tsn += 1)
        {
            if (!_held.Contains(tsn))
            {
                CloseOpenMessage(tsn - 1);
            }
            else if (_held[tsn].IsFirst)
            {
                CloseOpenMessage(tsn - 1);
                _openStart = tsn;
            }
            else if (_openStart is null || !_held[tsn - 1].IsContinuedBy(_held[tsn]))
            {
                CloseOpenMessage(tsn);
                _held.Free(tsn);
            }
        }
    }

    /// <summary>The remote gave up everything up to a TSN (RFC 3758 section 3.6).</summary>
    public void SkipTo(Tsn cumulative, Tsn tsn)
    {
        _held.FreeRange(_openStart ?? cumulative + 1, tsn);
        _openStart = null;
    }

    /// <summary>The remote gave up the messages of an ordered stream up to this one.</summary>
    public void SkipStream(ushort streamId, SequenceNumber last)
    {
        if (streamId >= maxStreams)
            return;
        InboundStream stream = StreamOf(streamId);
        ExtendedSequence index = stream.IndexOf(last);
        if (index < stream.Next)
            return;
        while (stream.TryTakeSkipped(index, out ReceivedMessage message))
            MakeReady(message);
        stream.SkipTo(index + 1);
        TakeDue(stream);
    }

    public void ResetStream(ushort streamId)
    {
        if (streamId >= _streams.Length || _streams[streamId] is not { } stream)
            return;
        while (stream.TryTakeAny(out ReceivedMessage message))
            Drop(message);
        stream.Reset();
    }

    public void ResetAllStreams()
    {
        for (int i = 0; i < _streams.Length; i++)
            ResetStream((ushort)i);
    }

    /// <summary>The next message to deliver; the caller returns its buffer.</summary>
    public bool TryTakeReady(out ReceivedMessage message) => _ready.TryDequeue(out message);

    public void Clear()
    {
        _held.Clear();
        ResetAllStreams();
        while (_ready.TryDequeue(out ReceivedMessage message))
            message.Return();
        _streams = [];
        _openStart = null;
    }

    private bool IsDue(in DataChunk data) =>
        data.IsUnordered || StreamOf(data.StreamId) is var stream && stream.IndexOf(data.StreamSequence) == stream.Next;

    /// <summary>Queues the messages that have become due because the message before them was delivered from its packet.</summary>
    private void Queue(in DataChunk data)
    {
        if (data.IsUnordered)
            return;
        InboundStream stream = StreamOf(data.StreamId);
        stream.Advance();
        TakeDue(stream);
    }

    private void Complete(in HeldChunk first)
    {
        (ushort streamId, SequenceNumber sequence, bool isUnordered) = (first.StreamId, first.StreamSequence, first.IsUnordered);
        var message = new ReceivedMessage(streamId, first.Protocol, ArrayPool<byte>.Shared.Rent(first.RunLength), first.RunLength);
        _held.Take(first, message.Buffer);
        if (isUnordered)
        {
            _ready.Enqueue(message);
            return;
        }
        InboundStream stream = StreamOf(streamId);
        ExtendedSequence index = stream.IndexOf(sequence);
        if (index < stream.Next)
        {
            // A number that was skipped or used before: RFC 9260 has no sender do that, except by FORWARD TSN.
            message.Return();
            return;
        }
        stream.Wait(message, index);
        _waitingCost += CostOf(message);
        TakeDue(stream);
    }

    private void TakeDue(InboundStream stream)
    {
        while (stream.TryTakeDue(out ReceivedMessage message))
            MakeReady(message);
    }

    private void MakeReady(in ReceivedMessage message)
    {
        _waitingCost -= CostOf(message);
        _ready.Enqueue(message);
    }

    private void Drop(in ReceivedMessage message)
    {
        _waitingCost -= CostOf(message);
        message.Return();
    }

    private void CloseOpenMessage(Tsn last)
    {
        if (_openStart is { } start)
            _held.FreeRange(start, last);
        _openStart = null;
    }

    private InboundStream StreamOf(ushort streamId)
    {
        if (streamId >= _streams.Length)
            Array.Resize(ref _streams, Math.Min(maxStreams, Math.Max(MinStreams, Math.Max(streamId + 1, _streams.Length * 2))));
        return _streams[streamId] ??= new InboundStream();
    }

    private static int CostOf(in ReceivedMessage message) => message.Length + HeldChunks.CostPerChunk;
}
