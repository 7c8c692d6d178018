using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Loss and jitter of one received source as a report block states them (RFC 3550 appendix A.3 and A.8). Counts
/// what arrived on the source's own SSRC; retransmissions (RFC 4588) do not mend the figures, so that the sender
/// sees what the network did.
/// </summary>
public sealed class ReceptionStatistics(int clockRate)
{
    private ExtendedSequence _base;
    private ExtendedSequence _highest;
    private long _expectedBefore;
    private long _receivedBefore;
    private long _lastTransit;
    private double _jitter;

    public long PacketsReceived { get; private set; }

    /// <summary>Bytes of RTP payload received, without padding.</summary>
    public long PayloadBytesReceived { get; private set; }

    public long PacketsExpected => PacketsReceived == 0 ? 0 : _highest - _base + 1;

    /// <summary>Expected less received; negative when there were duplicates.</summary>
    public long PacketsLost => PacketsExpected - PacketsReceived;

    /// <summary>Interarrival jitter in clock units.</summary>
    public double Jitter => _jitter;

    public ExtendedSequence Highest => _highest;

    public void OnPacket(ExtendedSequence sequence, RtpTimestamp timestamp, int payloadLength, MonotonicTime now)
    {
        long arrival = (long)(now.Ticks * (Int128)clockRate / TimeSpan.TicksPerSecond);
        long transit = (int)((uint)arrival - timestamp.Value);
        if (PacketsReceived == 0)
        {
            _base = _highest = sequence;
        }
        else
        {
            // As a long: the greatest jump back has no opposite in 32 bits.
            long difference = Math.Abs((long)(int)(transit - _lastTransit));
            _jitter += (difference - _jitter) / 16.0;
            if (sequence > _highest)
                _highest = sequence;
            if (sequence < _base)
                _base = sequence;
        }
        _lastTransit = transit;
        PacketsReceived++;
        PayloadBytesReceived += payloadLength;
    }

    /// <summary>The report block since the previous one; its sender-report fields are the caller's to fill.</summary>
    public ReportBlock TakeReport(Ssrc ssrc, uint lastSenderReport, uint delaySinceLastSenderReport)
    {
        long expected = PacketsExpected;
        long expectedNow = expected - _expectedBefore;
        long lostNow = expectedNow - (PacketsReceived - _receivedBefore);
        _expectedBefore = expected;
        _receivedBefore = PacketsReceived;
        return new ReportBlock(
            ssrc,
            FractionLost: expectedNow <= 0 || lostNow <= 0 ? (byte)0 : (byte)Math.Min(255, lostNow * 256 / expectedNow),
            CumulativeLost: (int)Math.Clamp(PacketsLost, -0x80_0000, 0x7F_FFFF),
            ExtendedHighestSequence: (uint)_highest.Value,
            Jitter: (uint)_jitter,
            lastSenderReport,
            delaySinceLastSenderReport);
    }
}
