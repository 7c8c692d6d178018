using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// The send side of one stream to one receiver: counters for sender reports, what the receiver reports back, the
/// numbering of retransmissions, and the budget that keeps a receiver's NACKs from becoming an amplifier.
/// </summary>
public sealed class RtpSendStream
{
    /// <summary>More than are sent in half a round trip, which is what it looks back.</summary>
    private const int GuardSize = 128;

    private Resent[] _resent = [];
    private ExtendedSequence _retransmissionSequence;
    private double _retransmissionTokens = RetransmissionBurstBytes;
    private MonotonicTime _tokensUpdated;
    private uint _reportedHighest;

    /// <summary>Bytes that may be resent at once; the budget refills by half of what is sent as new media, and by a small floor.</summary>
    private const double RetransmissionBurstBytes = 256 * 1024;

    private const double RetransmissionFloorBytesPerSecond = 32 * 1024;

    /// <param name="ssrc">SSRC of the stream.</param>
    /// <param name="retransmissionSsrc">SSRC of its RTX stream; null when the receiver did not negotiate RTX.</param>
    /// <param name="clockRate">RTP clock rate, Hz.</param>
    /// <param name="initialRetransmissionSequence">
    /// Random start below 2^15, so that the packet index begins at roll-over 0 (RFC 3711 section 3.3.1).
    /// </param>
    public RtpSendStream(Ssrc ssrc, Ssrc? retransmissionSsrc, int clockRate, ExtendedSequence initialRetransmissionSequence)
    {
        Ssrc = ssrc;
        RetransmissionSsrc = retransmissionSsrc;
        ClockRate = clockRate;
        _retransmissionSequence = initialRetransmissionSequence;
    }

    public Ssrc Ssrc { get; }

    public Ssrc? RetransmissionSsrc { get; }

    public int ClockRate { get; }

    public long PacketsSent { get; private set; }

    /// <summary>Bytes of RTP payload sent (RFC 3550 section 6.4.1), retransmissions not counted.</summary>
    public long PayloadBytesSent { get; private set; }

    public long PacketsResent { get; private set; }

    /// <summary>Round trip from the receiver's reports; null until one answered a sender report of ours.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Fraction lost in the last report, 0 to 1.</summary>
    public double FractionLost { get; private set; }

    public long PacketsLost { get; private set; }

    /// <summary>Jitter seen by the receiver.</summary>
    public TimeSpan Jitter { get; private set; }

    /// <summary>True once the receiver has reported.</summary>
    public bool HasReports { get; private set; }

    public void OnSent(int payloadLength)
    {
        PacketsSent++;
        PayloadBytesSent += payloadLength;
        _retransmissionTokens = Math.Min(RetransmissionBurstBytes, _retransmissionTokens + payloadLength * 0.5);
    }

    /// <summary>
    /// Tells whether this packet may be resent now: within budget, and not just resent (the receiver's repeated NACK crossed
    /// our answer on the way).
    /// </summary>
    public bool TryReserveRetransmission(ExtendedSequence sequence, int length, MonotonicTime now)
    {
        // Most viewers never miss a packet.
        if (_resent.Length == 0)
            _resent = new Resent[GuardSize];
        ref Resent resent = ref _resent[sequence.Value & (GuardSize - 1)];
        TimeSpan guard = (RoundTrip ?? TimeSpan.FromMilliseconds(40)) / 2;
        Resent resending = Resent.Of(sequence, now);
        if (resent.Sequence == resending.Sequence && PacketsResent > 0
            && resending.Milliseconds - resent.Milliseconds < guard.TotalMilliseconds)
            return false;
        _retransmissionTokens = Math.Min(
            RetransmissionBurstBytes,
            _retransmissionTokens + (now - _tokensUpdated).TotalSeconds * RetransmissionFloorBytesPerSecond);
        _tokensUpdated = now;
        if (_retransmissionTokens < length)
            return false;
        _retransmissionTokens -= length;
        resent = resending;
        PacketsResent++;
        return true;
    }

    public ExtendedSequence NextRetransmissionSequence()
    {
        ExtendedSequence sequence = _retransmissionSequence;
        _retransmissionSequence += 1;
        return sequence;
    }

    /// <param name="block">A report block about this stream.</param>
    /// <param name="clock">Our clock, whose reading our sender reports carried.</param>
    /// <param name="now">Arrival of the report.</param>
    /// <returns>What it says of the packets since the report before.</returns>
    public ReportedLoss OnReportBlock(in ReportBlock block, NtpClock clock, MonotonicTime now)
    {
        ReportedLoss loss = LossSinceReport(block);
        HasReports = true;
        _reportedHighest = block.ExtendedHighestSequence;
        FractionLost = block.FractionLost / 256.0;
        PacketsLost = block.CumulativeLost;
        Jitter = TimeSpan.FromSeconds(block.Jitter / (double)ClockRate);
        if (block.LastSenderReport == 0)
            return loss;
        // RFC 3550 section 6.4.1: A - LSR - DLSR, in units of 1/65536 s, modulo 2^32.
        uint elapsed = clock.At(now).Compact - block.LastSenderReport - block.DelaySinceLastSenderReport;
        if (elapsed < 60 * 65536)
            RoundTrip = TimeSpan.FromSeconds(elapsed / 65536.0);
        return loss;
    }

    /// <summary>RFC 3550 appendix A.3, by what two reports say: duplicates, and numbers that go back, are no loss.</summary>
    private ReportedLoss LossSinceReport(in ReportBlock block)
    {
        long expected = HasReports ? (int)(block.ExtendedHighestSequence - _reportedHighest) : PacketsSent;
        expected = Math.Clamp(expected, 0, PacketsSent);
        return new ReportedLoss(expected, Math.Clamp(block.CumulativeLost - PacketsLost, 0, expected));
    }

    /// <summary>Both are what is left of larger numbers: a viewer may have dozens of streams.</summary>
    private readonly record struct Resent(uint Sequence, uint Milliseconds)
    {
        public static Resent Of(ExtendedSequence sequence, MonotonicTime now) =>
            new((uint)sequence.Value, (uint)(now.Ticks / TimeSpan.TicksPerMillisecond));
    }
}
