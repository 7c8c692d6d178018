namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Slow start, congestion avoidance and fast recovery of one path (RFC 9260 section 7.2), in bytes of user data. Deviation:
/// the first window is 10 packets, as RFC 6928 has it for TCP, not 4; WebRTC's peers do so too.
/// </summary>
internal sealed class CongestionWindow(int packet)
{
    private const int InitialPackets = 10;
    private const int MinThresholdPackets = 4;
    private const int MaxSize = 16 << 20;

    private readonly int _packet = packet;
    private int _threshold = int.MaxValue;
    private int _partialBytesAcked;
    private Tsn? _recoveryExit;

    /// <summary>Bytes that may be in flight.</summary>
    public int Size { get; private set; } = InitialPackets * packet;

    public bool IsInRecovery => _recoveryExit is not null;

    /// <summary>The cumulative point has advanced.</summary>
    /// <param name="bytes">Newly acknowledged.</param>
    /// <param name="flightBefore">What was in flight before that.</param>
    /// <param name="cumulative">The new cumulative point.</param>
    public void OnAcked(int bytes, int flightBefore, Tsn cumulative)
    {
        if (_recoveryExit is { } exit)
        {
            if (cumulative >= exit)
                _recoveryExit = null;
            return;
        }
        bool wasFull = flightBefore + _packet > Size;
        if (Size <= _threshold)
        {
            if (wasFull)
                Size = Math.Min(MaxSize, Size + Math.Min(bytes, _packet));
            return;
        }
        _partialBytesAcked += bytes;
        if (_partialBytesAcked >= Size && wasFull)
        {
            _partialBytesAcked -= Size;
            Size = Math.Min(MaxSize, Size + _packet);
        }
    }

    /// <summary>
    /// A chunk was found lost by three reports (RFC 9260 section 7.2.4); once until everything sent by then is acknowledged.
    /// </summary>
    public void OnLoss(Tsn highestSent)
    {
        if (IsInRecovery)
            return;
        _threshold = Math.Max(Size / 2, MinThresholdPackets * _packet);
        Size = _threshold;
        _partialBytesAcked = 0;
        _recoveryExit = highestSent;
    }

    /// <summary>RFC 9260 section 7.2.3.</summary>
    public void OnTimeout()
    {
        _threshold = Math.Max(Size / 2, MinThresholdPackets * _packet);
        Size = _packet;
        _partialBytesAcked = 0;
        _recoveryExit = null;
    }

    /// <summary>Nothing is outstanding any more.</summary>
    public void OnIdle() => _partialBytesAcked = 0;
}
