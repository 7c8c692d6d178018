using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// Knowledge that one session has of the way to its remote: the packets it has sent with their transport-wide numbers, what the
/// remote's feedback says about them, the estimate that follows from it, and probes for more. One space of numbers for all streams of
/// the session.
/// <para>The estimate is made with the first packet, so that who only receives has none.</para>
/// </summary>
public sealed class CongestionController : IPacketResultSink
{
    /// <summary>Time over which <see cref="SentRate"/> is measured.</summary>
    private static readonly TimeSpan RateWindow = TimeSpan.FromMilliseconds(500);

    private readonly bool _estimates;
    private readonly Bitrate _start;
    private readonly SentPacketLog _log = new();
    private readonly FeedbackAdapter _adapter;
    private readonly Bitrate? _limit;
    private BandwidthEstimator? _estimator;
    private ProbeController? _probes;
    private bool _isNumbered;
    private bool _takesMaximum;
    private double _reportedLoss;
    private Bitrate? _cap;
    private int _version;
    private long _bytesInWindow;
    private MonotonicTime _windowStart;

    /// <param name="estimates">False to count alone: nothing is estimated or probed.</param>
    /// <param name="limit">Most that the way may ever count as carrying, whatever it carries; null for no such limit.</param>
    /// <param name="start">Estimate of a way of which nothing is known; null for the usual one.</param>
    internal CongestionController(bool estimates, Bitrate? limit = null, Bitrate? start = null)
    {
        _start = start ?? EstimatorOptions.Default.Start;
        _estimates = estimates;
        _limit = limit;
        _adapter = new FeedbackAdapter(_log);
    }

    /// <summary>
    /// The rate that the way to the remote carries, for all that is sent with IP and UDP headers, as far as its limit and the cap let it;
    /// null while nothing limits, as nothing is known. Where feedback was agreed on, it begins with what is believed of any way.
    /// </summary>
    public Bitrate? Estimate => Lower(_estimator is null ? Beginning : _estimator.Estimate, Bound);

    /// <summary>Most that the way counts as carrying until it is set again, as a trial of what happens then; null for no cap.</summary>
    public Bitrate? Cap
    {
        get => _cap;
        set
        {
            _version += value == _cap ? 0 : 1;
            _cap = value;
        }
    }

    private Bitrate? Bound => Lower(_limit, _cap);

    private Bitrate? Beginning => _estimates && _isNumbered ? _start : null;

    /// <summary>True while <see cref="Estimate"/> is only what is believed of any way: the first packets will tell.</summary>
    public bool IsAssumed => _estimates && _isNumbered && (_estimator?.IsAssumed ?? true);

    /// <summary>True while a queue that has grown suddenly is being drained: less than the estimate is to be sent.</summary>
    public bool IsCongested => _estimator?.IsCongested ?? false;

    /// <summary>Number that grows when <see cref="Estimate"/> or <see cref="IsCongested"/> changes, or a probe ends.</summary>
    public int Version => _version + (_estimator?.Version ?? 0) + (_probes?.Concluded ?? 0);

    /// <summary>The kind of feedback that the estimate rests on; none before the first.</summary>
    public FeedbackKind Feedback => _estimator?.Feedback ?? FeedbackKind.None;

    /// <summary>Round trip from the remote's reports; null before the first.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>The queue that stands before the bottleneck.</summary>
    public TimeSpan QueueDelay => _estimator?.QueueDelay ?? TimeSpan.Zero;

    /// <summary>Part of the packets that were lost on the way lately, 0 to 1.</summary>
    public double Loss => Feedback == FeedbackKind.TransportWide ? _estimator!.Loss : _reportedLoss;

    /// <summary>Rate of all that is sent with IP and UDP headers, over the last half second in which something was.</summary>
    public Bitrate SentRate { get; private set; }

    /// <summary>Bytes that were sent to fill probes, and for nothing else.</summary>
    public long FillerBytesSent => _probes?.FillerBytesSent ?? 0;

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

    /// <summary>True when packets can be sent that fill probes: there is a numbered section with RTX.</summary>
    public bool CanSendFiller { get; private set; }

    /// <summary>Time at which filler is due; never while no probe is open.</summary>
    public MonotonicTime NextFiller => _probes?.NextFiller ?? MonotonicTime.Never;

    /// <summary>Number of the next packet on the wire, for who writes it.</summary>
    internal ushort NextNumber => (ushort)_log.Next;

    /// <summary>Time at which <see cref="OnTimeout"/> is to be called; never when nothing is to be tried.</summary>
    internal MonotonicTime NextDeadline => _probes?.NextDeadline ?? MonotonicTime.Never;

    /// <summary>States what is sent, the estimate that the next step up needs, and what all wishes need: in all, on the wire.</summary>
    /// <param name="sending">Rate of the layers that are sent now.</param>
    /// <param name="goal">Estimate from which on the next step up is taken; zero when all wishes are met.</param>
    /// <param name="wish">Rate of all wishes.</param>
    /// <param name="now">The time.</param>
    public void SetDemand(Bitrate sending, Bitrate goal, Bitrate wish, MonotonicTime now)
    {
        if (!_estimates)
            return;
        // Without filler nothing can be shown, and what is not to be sent need not be.
        bool isProbed = CanSendFiller && !(Bound?.BitsPerSecond < goal.BitsPerSecond);
        CreateEstimator().Probes.SetDemand(sending, isProbed ? goal : Bitrate.Zero, wish, now);
    }

    /// <summary>Bytes of filler to send now; 0 when none are due.</summary>
    public int FillerDue(MonotonicTime now) => _probes?.FillerDue(now) ?? 0;

    /// <summary>Takes over what was agreed on with the remote.</summary>
    /// <param name="isNumbered">What is sent carries transport-wide numbers, at least in the sections that need most.</param>
    /// <param name="takesMaximum">The remote sends its own estimate (<c>goog-remb</c>).</param>
    /// <param name="canSendFiller">A numbered section has RTX.</param>
    internal void Configure(bool isNumbered, bool takesMaximum, bool canSendFiller)
    {
        (_isNumbered, _takesMaximum, CanSendFiller) = (isNumbered, takesMaximum, canSendFiller);
        if (_estimator is { } estimator)
            (estimator.ExpectsTransportFeedback, estimator.CanProbe) = (isNumbered, canSendFiller);
    }

    /// <summary>A packet with <see cref="NextNumber"/> was handed over for sending.</summary>
    /// <param name="bytes">Its length on the wire with IP and UDP headers.</param>
    /// <param name="now">The time.</param>
    internal void OnSent(int bytes, MonotonicTime now)
    {
        Count(bytes, now);
        if (!_estimates)
        {
            _log.Add(bytes, probe: 0, now);
            return;
        }
        (BandwidthEstimator estimator, ProbeController probes) = CreateEstimator();
        _log.Add(bytes, probes.Cluster, now);
        estimator.OnSent(bytes, now, _isNumbered);
        probes.OnSent(bytes, now);
    }

    /// <summary>A packet without a number was handed over for sending.</summary>
    internal void OnSentWithoutNumber(int bytes, MonotonicTime now)
    {
        Count(bytes, now);
        if (_estimates)
            CreateEstimator().Estimator.OnSent(bytes, now, isNumbered: false);
    }

    /// <summary>A packet was sent again under its first number: what is told of that number tells nothing from now on.</summary>
    internal void OnSentAgain(ushort number, int bytes, MonotonicTime now)
    {
        OnSentWithoutNumber(bytes, now);
        long count = _log.Next - (ushort)(_log.Next - number);
        if (count >= _log.First && count < _log.Next)
            _log.Settle(ref _log[count], PacketFate.Repeated);
    }

    /// <summary>The next packet fills a probe.</summary>
    internal void OnFiller(int bytes) => _probes?.OnFiller(bytes);

    /// <summary>The remote told which packets arrived and when.</summary>
    internal void OnTransportFeedback(in TransportFeedbackView feedback, MonotonicTime now)
    {
        if (PacketsNumbered > 0)
            _adapter.Read(feedback, this, now);
    }

    /// <summary>The remote told how much it estimates that it can be sent; one that nobody asked for tells nothing.</summary>
    internal void OnMaximumBitrate(Bitrate maximum, MonotonicTime now)
    {
        if (_takesMaximum)
            _estimator?.OnRemb(maximum, now);
    }

    /// <summary>The remote reported on what it is sent.</summary>
    /// <param name="fractionLost">Part of the packets of all streams that were lost since its last report, 0 to 1.</param>
    /// <param name="roundTrip">Round trip by the same report; null when it does not say.</param>
    /// <param name="now">The time.</param>
    internal void OnReceiverReport(double fractionLost, TimeSpan? roundTrip, MonotonicTime now)
    {
        _reportedLoss = fractionLost;
        if (roundTrip is { } measured)
        {
            RoundTrip = measured;
            _log.SetRoundTrip(measured);
        }
        _estimator?.OnReport(fractionLost, roundTrip, now);
    }

    /// <summary>Packets take another path from now on.</summary>
    internal void OnPathChanged(MonotonicTime now)
    {
        _estimator?.OnPathChanged(now);
        _probes?.OnPathChanged(now);
    }

    /// <summary>Begins or gives up what is due, and gives memory back that is not needed; called once a second at least.</summary>
    internal void OnTimeout(MonotonicTime now)
    {
        _probes?.OnTimeout(now);
        _log.ReleaseIfIdle(now);
    }

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    internal void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance != 1)
            return;
        prefetcher.Prefetch(_log, 1);
        prefetcher.Prefetch(_estimator, 2);
        prefetcher.Prefetch(_probes, 2);
    }

    void IPacketResultSink.OnResults(ReadOnlySpan<PacketResult> results, MonotonicTime now)
    {
        int lost = 0;
        foreach (ref readonly PacketResult result in results)
            lost += result.IsReceived ? 0 : 1;
        PacketsAcknowledged += results.Length - lost;
        PacketsLost += lost;
        // Numbers of the sound alone would tell little of what the picture needs.
        if (!_isNumbered || _estimator is null)
            return;
        _estimator.OnFeedback(results, now);
        _probes!.OnFeedback(results, now);
    }

    private (BandwidthEstimator Estimator, ProbeController Probes) CreateEstimator()
    {
        if (_estimator is null)
        {
            _estimator = new BandwidthEstimator(EstimatorOptions.Default with { Start = _start })
            {
                ExpectsTransportFeedback = _isNumbered,
                CanProbe = CanSendFiller,
            };
            _probes = new ProbeController(_estimator);
        }
        return (_estimator, _probes!);
    }

    private static Bitrate? Lower(Bitrate? one, Bitrate? other) =>
        one is { } rate && !(other?.BitsPerSecond < rate.BitsPerSecond) ? rate : other;

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
