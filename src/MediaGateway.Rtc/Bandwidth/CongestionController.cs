using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// Knowledge that one session has of the way to its remote: the packets it has sent with their transport-wide numbers, and what the
/// remote's feedback says about them. One space of numbers for all streams of the session.
/// </summary>
public sealed class CongestionController : IPacketResultSink
{
    /// <summary>Time over which <see cref="SentRate"/> is measured.</summary>
    private static readonly TimeSpan RateWindow = TimeSpan.FromMilliseconds(500);

    private readonly SentPacketLog _log = new();
    private readonly FeedbackAdapter _adapter;
    private bool _takesMaximum;
    private long _bytesInWindow;
    private MonotonicTime _windowStart;

    internal CongestionController() => _adapter = new FeedbackAdapter(_log);

    /// <summary>The rate that the way to the remote carries; null while nothing is known of it.</summary>
    public Bitrate? Estimate { get; private set; }

    /// <summary>Kind of feedback in use.</summary>
    public FeedbackKind Feedback { get; private set; }

    /// <summary>The remote's own estimate of what it can be sent, where it is asked for; null before the first.</summary>
    public Bitrate? Maximum { get; private set; }

    /// <summary>Round trip from the remote's reports; null before the first.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Part of the packets that were lost on the way, 0 to 1, by the last report.</summary>
    public double Loss { get; private set; }

    /// <summary>Rate of all that is sent with IP and UDP headers, over the last half second in which something was.</summary>
    public Bitrate SentRate { get; private set; }

    /// <summary>Number of numbered packets that have been sent.</summary>
    public long PacketsNumbered => _log.Next - SentPacketLog.FirstCount;

    /// <summary>Number of numbered packets that the remote told to have received.</summary>
    public long PacketsAcknowledged { get; private set; }

    /// <summary>Number of numbered packets that were lost.</summary>
    public long PacketsLost { get; private set; }

    /// <summary>Number of reports of transport-wide feedback that were read.</summary>
    public long FeedbackReports => _adapter.Reports;

    /// <summary>Number of such reports that were lost on their way, by their count.</summary>
    public long FeedbackReportsLost => _adapter.ReportsLost;

    /// <summary>Number of arrivals that the remote told of packets that are not known: never sent, or too long ago.</summary>
    public long ArrivalsUnmatched => _adapter.Unmatched;

    /// <summary>Bytes on their way to the remote, as far as they are numbered and nothing has been told of them.</summary>
    public long BytesInFlight => _log.BytesInFlight;

    /// <summary>Number of the next packet on the wire, for who writes it.</summary>
    internal ushort NextNumber => (ushort)_log.Next;

    /// <summary>Takes over what was agreed on with the remote.</summary>
    /// <param name="isNumbered">What is sent carries transport-wide numbers, at least in the sections that need most.</param>
    /// <param name="takesMaximum">The remote sends its own estimate (<c>goog-remb</c>).</param>
    /// <param name="isSending">Anything is sent.</param>
    internal void Configure(bool isNumbered, bool takesMaximum, bool isSending)
    {
        _takesMaximum = takesMaximum;
        Feedback = !isSending ? FeedbackKind.None
            : isNumbered ? FeedbackKind.TransportWide
            : takesMaximum ? FeedbackKind.Remb
            : FeedbackKind.ReceiverReports;
    }

    /// <summary>A packet with <see cref="NextNumber"/> was handed over for sending.</summary>
    /// <param name="bytes">Its length on the wire with IP and UDP headers.</param>
    /// <param name="now">The time.</param>
    internal void OnSent(int bytes, MonotonicTime now)
    {
        _log.Add(bytes, probe: 0, now);
        Count(bytes, now);
    }

    /// <summary>A packet without a number was handed over for sending.</summary>
    internal void OnSentWithoutNumber(int bytes, MonotonicTime now) => Count(bytes, now);

    /// <summary>A packet was sent again under its first number: what is told of that number tells nothing from now on.</summary>
    internal void OnSentAgain(ushort number, int bytes, MonotonicTime now)
    {
        Count(bytes, now);
        long count = _log.Next - (ushort)(_log.Next - number);
        if (count >= _log.First && count < _log.Next)
            _log.Settle(ref _log[count], PacketFate.Repeated);
    }

    /// <summary>The remote told which packets arrived and when.</summary>
    internal void OnTransportFeedback(in TransportFeedbackView feedback, MonotonicTime now)
    {
        if (PacketsNumbered > 0)
            _adapter.Read(feedback, this, now);
    }

    /// <summary>The remote told how much it estimates that it can be sent.</summary>
    internal void OnMaximumBitrate(Bitrate maximum)
    {
        if (_takesMaximum && Feedback != FeedbackKind.TransportWide)
            Maximum = maximum;
    }

    /// <summary>The remote reported on what it is sent.</summary>
    /// <param name="fractionLost">Part of the packets of all streams that were lost since its last report, 0 to 1.</param>
    /// <param name="roundTrip">Round trip by the same report; null when it does not say.</param>
    internal void OnReceiverReport(double fractionLost, TimeSpan? roundTrip)
    {
        if (roundTrip is { } measured)
        {
            RoundTrip = measured;
            _log.SetRoundTrip(measured);
        }
        // Gaps of a publisher's own uplink show in reports, and in transport-wide feedback they do not.
        if (Feedback != FeedbackKind.TransportWide)
            Loss = fractionLost;
    }

    /// <summary>Gives back what is not needed; called about once a second.</summary>
    internal void OnTimeout(MonotonicTime now) => _log.ReleaseIfIdle(now);

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    internal void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance == 1)
            prefetcher.Prefetch(_log, 1);
    }

    void IPacketResultSink.OnResults(ReadOnlySpan<PacketResult> results, MonotonicTime now)
    {
        int lost = 0;
        foreach (ref readonly PacketResult result in results)
            lost += result.IsReceived ? 0 : 1;
        PacketsAcknowledged += results.Length - lost;
        PacketsLost += lost;
    }

    private void Count(int bytes, MonotonicTime now)
    {
        if (now - _windowStart >= RateWindow)
        {
            SentRate = Bitrate.Of(_bytesInWindow, now - _windowStart);
            _windowStart = now;
            _bytesInWindow = 0;
        }
        _bytesInWindow += bytes;
    }
}
