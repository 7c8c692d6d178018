using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Resets of streams (RFC 6525), with which data channels close (RFC 8831 section 6.7): ours, one request at a time, sent
/// until answered; and the remote's, put off until everything it sent before has come. Other requests are denied.
/// </summary>
internal sealed class StreamResets(SctpOptions options, RetransmissionTimeout timeout, uint firstRequest)
{
    private const int MaxStreamsPerRequest = 128;
    private const int OutgoingFieldsLength = 12;
    private const int ResponseLength = 8;
    private const int MaxBackOff = 4;

    // Ours
    private readonly Queue<ushort> _wanted = new();
    private readonly List<ushort> _requested = [];
    private readonly Queue<(ushort StreamId, bool Performed)> _answered = new();
    private uint _sequence = firstRequest - 1;
    private Tsn _lastAssigned;
    private int _timeouts;

    // The remote's
    private uint _expected;
    private (uint Sequence, ReconfigResult Result)? _response;
    private ReconfigResult _lastResult;
    private ushort[] _streams = [];
    private Tsn _streamsEnd;
    private bool _isDeferred;
    private bool _isReady;

    /// <summary>Time at which our request is sent again, or, when zero, for the first time.</summary>
    public MonotonicTime Deadline { get; private set; } = MonotonicTime.Never;

    public void SetRemote(Tsn initial) => _expected = initial.Value;

    /// <summary>Wants our direction of a stream reset.</summary>
    public void Request(ushort streamId) => _wanted.Enqueue(streamId);

    /// <summary>A stream of ours whose reset the remote has performed, or refused.</summary>
    public bool TryTakeAnswer(out ushort streamId, out bool performed)
    {
        bool any = _answered.TryDequeue(out (ushort StreamId, bool Performed) answer);
        (streamId, performed) = answer;
        return any;
    }

    /// <summary>Streams of the remote that begin again now; none named means all.</summary>
    public bool TryTakeIncoming(Tsn cumulative, out ReadOnlySpan<ushort> streamIds)
    {
        if (_isDeferred && cumulative >= _streamsEnd)
        {
            _isDeferred = false;
            _isReady = true;
            // RFC 6525 has the remote ask again; an answer to what it asked last spares it the wait.
            _lastResult = ReconfigResult.Performed;
            _response = (_expected - 1, _lastResult);
        }
        streamIds = _streams;
        bool isReady = _isReady;
        _isReady = false;
        return isReady;
    }

    /// <summary>A RE-CONFIG chunk; false when it can't be read.</summary>
    public bool OnChunk(ReadOnlySpan<byte> value, Tsn cumulative, MonotonicTime now)
    {
        var reader = new SctpParameterReader(value);
        bool any = false;
        while (reader.TryRead(out SctpParameterType type, out ReadOnlySpan<byte> parameter))
        {
            any = true;
            switch (type)
            {
                case SctpParameterType.OutgoingReset when parameter.Length >= OutgoingFieldsLength:
                    OnOutgoingReset(parameter, cumulative);
                    break;
                case SctpParameterType.ReconfigResponse when parameter.Length >= ResponseLength:
                    OnResponse(parameter, now);
                    break;
                case SctpParameterType.IncomingReset or SctpParameterType.SequenceReset
                    or SctpParameterType.AddOutgoingStreams or SctpParameterType.AddIncomingStreams when parameter.Length >= sizeof(uint):
                    Deny(BinaryPrimitives.ReadUInt32BigEndian(parameter));
                    break;
                default:
                    return false;
            }
        }
        return any;
    }

    /// <summary>False when the remote does not answer.</summary>
    public bool OnTimeout(MonotonicTime now)
    {
        if (Deadline > now)
            return true;
        Deadline = MonotonicTime.Zero;
        return ++_timeouts <= options.MaxRetransmissions;
    }

    public void Write(ref SctpPacketWriter writer, Tsn lastAssigned, MonotonicTime now)
    {
        WriteResponse(ref writer);
        if (_requested.Count == 0 && _wanted.Count > 0)
        {
            while (_requested.Count < MaxStreamsPerRequest && _wanted.TryDequeue(out ushort streamId))
                _requested.Add(streamId);
            _sequence++;
            _lastAssigned = lastAssigned;
            _timeouts = 0;
            Deadline = MonotonicTime.Zero;
        }
        if (Deadline <= now)
            WriteRequest(ref writer, now);
    }

    private void OnOutgoingReset(ReadOnlySpan<byte> parameter, Tsn cumulative)
    {
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(parameter);
        if (sequence == _expected)
        {
            _expected++;
            _streamsEnd = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(parameter[8..]));
            _streams = ReadStreams(parameter[OutgoingFieldsLength..]);
            _isDeferred = _streamsEnd > cumulative;
            _isReady = !_isDeferred;
            _lastResult = _isDeferred ? ReconfigResult.InProgress : ReconfigResult.Performed;
        }
        Respond(sequence);
    }

    private void Deny(uint sequence)
    {
        if (sequence == _expected)
        {
            _expected++;
            _lastResult = ReconfigResult.Denied;
        }
        Respond(sequence);
    }

    /// <summary>A repeated request gets the answer it had, which may have become a better one.</summary>
    private void Respond(uint sequence) =>
        _response = (sequence, sequence == _expected - 1 ? _lastResult : ReconfigResult.BadSequenceNumber);

    private void OnResponse(ReadOnlySpan<byte> parameter, MonotonicTime now)
    {
        if (_requested.Count == 0 || BinaryPrimitives.ReadUInt32BigEndian(parameter) != _sequence)
            return;
        var result = (ReconfigResult)BinaryPrimitives.ReadUInt32BigEndian(parameter[4..]);
        _timeouts = 0;
        if (result == ReconfigResult.InProgress)
        {
            Deadline = now + timeout.Value;
            return;
        }
        foreach (ushort streamId in _requested)
            _answered.Enqueue((streamId, result is ReconfigResult.Performed or ReconfigResult.NothingToDo));
        _requested.Clear();
        Deadline = MonotonicTime.Never;
    }

    private void WriteResponse(ref SctpPacketWriter writer)
    {
        if (_response is not { } response || writer.Room < SctpParameterReader.HeaderLength + ResponseLength)
            return;
        Span<byte> value = writer.Append(SctpChunkType.Reconfig, 0, SctpParameterReader.HeaderLength + ResponseLength);
        InitParameters.WriteParameterHeader(value, SctpParameterType.ReconfigResponse, ResponseLength);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], response.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(value[8..], (uint)response.Result);
        _response = null;
    }

    private void WriteRequest(ref SctpPacketWriter writer, MonotonicTime now)
    {
        int length = OutgoingFieldsLength + _requested.Count * sizeof(ushort);
        if (writer.Room < SctpParameterReader.HeaderLength + length)
            return;
        Span<byte> value = writer.Append(SctpChunkType.Reconfig, 0, SctpParameterReader.HeaderLength + length);
        InitParameters.WriteParameterHeader(value, SctpParameterType.OutgoingReset, length);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], _sequence);
        BinaryPrimitives.WriteUInt32BigEndian(value[8..], _expected - 1);
        BinaryPrimitives.WriteUInt32BigEndian(value[12..], _lastAssigned.Value);
        for (int i = 0; i < _requested.Count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(value[(16 + i * sizeof(ushort))..], _requested[i]);
        Deadline = now + timeout.Value * (1 << Math.Min(_timeouts, MaxBackOff));
    }

    private static ushort[] ReadStreams(ReadOnlySpan<byte> bytes)
    {
        ushort[] streams = new ushort[bytes.Length / sizeof(ushort)];
        for (int i = 0; i < streams.Length; i++)
            streams[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(i * sizeof(ushort))..]);
        return streams;
    }
}
