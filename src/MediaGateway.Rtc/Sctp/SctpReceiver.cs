using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>The receiving half of an association: TSNs, reassembly, and when and what to acknowledge (RFC 9260 section 6.2).</summary>
internal sealed class SctpReceiver
{
    private const int MaxDuplicates = 16;
    private const int MaxGapBlocks = 128;
    private const int PacketsPerSack = 2;

    private readonly SctpOptions _options;
    private readonly ReceivedTsns _tsns;
    private readonly Reassembly _reassembly;
    private readonly Tsn[] _duplicates = new Tsn[MaxDuplicates];
    private int _duplicateCount;
    private int _unacknowledgedPackets;
    private bool _sawData;

    public SctpReceiver(SctpOptions options, Tsn initial)
    {
        _options = options;
        _tsns = new ReceivedTsns(initial);
        _reassembly = new Reassembly(options.MaxStreams, options.MaxMessageSize);
    }

    public Tsn Cumulative => _tsns.Cumulative;

    /// <summary>Time at which a SACK must leave; <see cref="MonotonicTime.Never"/> when there is nothing to acknowledge.</summary>
    public MonotonicTime SackDeadline { get; private set; } = MonotonicTime.Never;

    /// <summary>Bytes that are left of the receive window.</summary>
    public int Window => Math.Max(0, _options.ReceiveWindow - _reassembly.Cost);

    /// <summary>Data held until missing pieces arrive, in bytes of the window.</summary>
    public int Held => _reassembly.Cost;

    public ChunkFate OnData(in DataChunk data)
    {
        _sawData = true;
        if (_tsns.Contains(data.Tsn))
        {
            if (_duplicateCount < MaxDuplicates)
                _duplicates[_duplicateCount++] = data.Tsn;
            SackDeadline = MonotonicTime.Zero;
            return ChunkFate.Ignored;
        }
        ChunkFate fate = _tsns.IsInSpan(data.Tsn) && HasRoomFor(data) ? _reassembly.Add(data, _tsns.Cumulative) : ChunkFate.NoRoom;
        if (fate == ChunkFate.NoRoom)
        {
            SackDeadline = MonotonicTime.Zero;
            return fate;
        }
        bool hadGaps = _tsns.HasGaps;
        Tsn before = _tsns.Cumulative;
        _tsns.Add(data.Tsn);
        _reassembly.OnAdvanced(before, _tsns.Cumulative);
        // RFC 9260 section 6.7: a new gap is told at once, and the end of one as well, since the window opens again.
        if (hadGaps || _tsns.HasGaps || data.WantsImmediateSack)
            SackDeadline = MonotonicTime.Zero;
        return fate;
    }

    /// <summary>RFC 3758 section 3.6.</summary>
    public void OnForwardTsn(in ForwardTsnChunk forward)
    {
        // Also when it is old: the remote did not get our SACK.
        SackDeadline = MonotonicTime.Zero;
        if (forward.NewCumulative <= _tsns.Cumulative)
            return;
        _reassembly.SkipTo(_tsns.Cumulative, forward.NewCumulative);
        _tsns.SkipTo(forward.NewCumulative);
        _reassembly.OnAdvanced(forward.NewCumulative, _tsns.Cumulative);
        for (int i = 0; i < forward.StreamCount; i++)
        {
            (ushort streamId, SequenceNumber last) = forward.Stream(i);
            _reassembly.SkipStream(streamId, last);
        }
    }

    public bool TryTakeReady(out ReceivedMessage message) => _reassembly.TryTakeReady(out message);

    /// <summary>Ends a packet: every second packet with data is acknowledged at once, a single one after a delay.</summary>
    public void OnPacketEnd(MonotonicTime now)
    {
        if (!_sawData)
            return;
        _sawData = false;
        _unacknowledgedPackets++;
        MonotonicTime deadline = _unacknowledgedPackets >= PacketsPerSack ? MonotonicTime.Zero : now + _options.SackDelay;
        SackDeadline = MonotonicTime.Min(SackDeadline, deadline);
    }

    public void WriteSack(ref SctpPacketWriter writer)
    {
        Span<byte> gaps = stackalloc byte[MaxGapBlocks * SackChunk.GapBlockLength];
        int room = writer.Room - SackChunk.FieldsLength - _duplicateCount * SackChunk.DuplicateLength;
        int gapCount = _tsns.WriteGapBlocks(gaps[..Math.Clamp(room & ~3, 0, gaps.Length)]);
        int gapLength = gapCount * SackChunk.GapBlockLength;
        Span<byte> value =
            writer.Append(SctpChunkType.Sack, 0, SackChunk.FieldsLength + gapLength + _duplicateCount * SackChunk.DuplicateLength);
        BinaryPrimitives.WriteUInt32BigEndian(value, _tsns.Cumulative.Value);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], (uint)Window);
        BinaryPrimitives.WriteUInt16BigEndian(value[8..], (ushort)gapCount);
        BinaryPrimitives.WriteUInt16BigEndian(value[10..], (ushort)_duplicateCount);
        gaps[..gapLength].CopyTo(value[SackChunk.FieldsLength..]);
        Span<byte> duplicates = value[(SackChunk.FieldsLength + gapLength)..];
        for (int i = 0; i < _duplicateCount; i++)
            BinaryPrimitives.WriteUInt32BigEndian(duplicates[(i * SackChunk.DuplicateLength)..], _duplicates[i].Value);
    }

    /// <summary>A SACK has left.</summary>
    public void OnSackSent()
    {
        _duplicateCount = 0;
        _unacknowledgedPackets = 0;
        SackDeadline = MonotonicTime.Never;
    }

    /// <summary>The remote begins these streams again at sequence number 0; none named means all (RFC 6525 section 5.2.2).</summary>
    public void ResetStreams(ReadOnlySpan<ushort> streamIds)
    {
        if (streamIds.IsEmpty)
            _reassembly.ResetAllStreams();
        foreach (ushort streamId in streamIds)
            _reassembly.ResetStream(streamId);
    }

    public void Clear() => _reassembly.Clear();

    /// <summary>
    /// The next chunk in order is taken a little beyond the window too, or a window full of what came too early would never
    /// empty. By a message at most: one that is never completed must not grow for ever.
    /// </summary>
    private bool HasRoomFor(in DataChunk data)
    {
        int limit = _options.ReceiveWindow + (data.Tsn == _tsns.Cumulative + 1 ? _options.MaxMessageSize : 0);
        return _reassembly.Cost + data.UserData.Length + HeldChunks.CostPerChunk <= limit;
    }
}
