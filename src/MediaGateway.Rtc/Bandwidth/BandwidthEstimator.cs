using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The estimate of what a path to a receiver carries, from what feedback says of the packets that were sent. It rests on evidence: it
/// rises to what arrived or a probe has shown, and falls when a queue grows, losses have a limit, or feedback stays away.
/// </summary>
internal sealed class BandwidthEstimator
{
    /// <summary>Part of the last estimate of a path that is believed.</summary>
    private const double Remembered = 0.75;

    /// <summary>Part of what is sent that arrives while nothing is held up.</summary>
    private const double Carried = 0.93;

    /// <summary>Part of what is sent that arrives over half a second while nothing is held up.</summary>
    private const double CarriedLately = 0.9;

    /// <summary>Growth of a queue in the last 100 ms that counts where little of the estimate is sent, ms.</summary>
    private const double LeastRise = 4;

    /// <summary>Losses that end the wait for a queue to fall.</summary>
    private const double LossOfFullQueue = 0.1;

    /// <summary>Change of the estimate that is told.</summary>
    private const double Step = 0.01;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ShortestBusy = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DefaultRoundTrip = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstFeedback = TimeSpan.FromSeconds(1);

    private readonly EstimatorOptions _options;
    private readonly RateWindow _sent = new();
    private readonly RateWindow _unnumbered = new();
    private readonly ArrivalWindow _arrivals = new();
    private readonly QueueMonitor _queue;
    private readonly LossModel _loss = new();
    private readonly RateControl _control = new();
    private readonly FeedbackAlarm _alarm = new();
    private readonly CrossTraffic _cross = new();
    private readonly CompetitiveControl _competition = new();
    private readonly ReportControl _reports = new();
    private readonly FirstLook _firstLook = new();
    private MonotonicTime _firstNumbered = MonotonicTime.Never;
    private MonotonicTime _congested;
    private MonotonicTime _pathSince;
    private TimeSpan _response = DefaultRoundTrip;
    private double _beforeAlarm;
    private double _beforeLoss;
    private double _told;
    private bool _hasTransport;
    private bool _isSilent;
    private bool _wasCongested;

    public BandwidthEstimator(EstimatorOptions options)
    {
        _options = options;
        _queue = new QueueMonitor(_arrivals);
        Restart(options.Initial is { } initial ? Math.Max(initial.BitsPerSecond * Remembered, options.Start.BitsPerSecond)
            : options.Start.BitsPerSecond);
    }

    /// <summary>True while packets are numbered, so that transport-wide feedback is to be expected.</summary>
    public bool ExpectsTransportFeedback { get; set { field = value; Publish(); } } = true;

    /// <summary>True where there is filler to probe with; the estimate rises further by itself where there is none.</summary>
    public bool CanProbe
    {
        get => _control.CanProbe;
        set => _control.CanProbe = value;
    }

    /// <summary>Rate of what is being sent over seconds, bits per second; null where only the sent packets tell.</summary>
    public double? Sending { get; set; }

    /// <summary>Rate that the path carries; null when nothing limits, as nothing is known.</summary>
    public Bitrate? Estimate { get; private set; }

    /// <summary>True while the estimate is what is believed of any path: the first packets have not shown what this one carries.</summary>
    public bool IsAssumed => !_firstLook.IsOver && !_isSilent;

    /// <summary>True while the queue of a sharp over-use is being drained: less than the estimate is to be sent.</summary>
    public bool IsCongested { get; private set; }

    /// <summary>Number of changes of <see cref="Estimate"/> and <see cref="IsCongested"/> that may change an allocation.</summary>
    public int Version { get; private set; }

    /// <summary>The feedback that the estimate rests on.</summary>
    public FeedbackKind Feedback => _hasTransport && !_isSilent ? FeedbackKind.TransportWide
        : _reports.HasMaximum ? FeedbackKind.Remb
        : _reports.HasReports ? FeedbackKind.ReceiverReports : FeedbackKind.None;

    /// <summary>The queue that stands before the bottleneck.</summary>
    public TimeSpan QueueDelay => TimeSpan.FromMilliseconds(_queue.Queue);

    /// <summary>True when a queue stands that is above what the path's jitter explains.</summary>
    public bool IsOverused => _queue.IsAbove;

    /// <summary>True while the queue is another flow's.</summary>
    public bool IsCompeting => _cross.IsPresent;

    /// <summary>The most to be asked for beside another flow, bits per second; null while there is none.</summary>
    public double? FairShare => _cross.IsPresent ? _competition.FairShare : null;

    /// <summary>Part of the packets that was lost lately, 0 to 1.</summary>
    public double Loss => _loss.Recent;

    /// <summary>Part of the packets that the path loses whatever is sent, 0 to 1.</summary>
    public double InherentLoss => _loss.Inherent;

    /// <summary>Time from sending a packet to the feedback that speaks of it, smoothed; the receiver's wait for more is in it.</summary>
    public TimeSpan ResponseTime => _response;

    /// <summary>Rate of what was sent in the last half second.</summary>
    public Bitrate SentRate(MonotonicTime now) => new((long)_sent.Rate(now));

    /// <summary>Notes a packet that is sent.</summary>
    /// <param name="bytes">Its size on the wire.</param>
    /// <param name="now">The time.</param>
    /// <param name="isNumbered">False for a packet of which transport-wide feedback will not speak.</param>
    public void OnSent(int bytes, MonotonicTime now, bool isNumbered = true)
    {
        _sent.Add(bytes, now);
        if (!isNumbered)
        {
            _unnumbered.Add(bytes, now);
            return;
        }
        if (_firstNumbered.IsNever)
            _firstNumbered = now;
        _alarm.OnSent(now);
        OnTimeout(now);
    }

    /// <summary>Looks whether feedback has stayed away for too long.</summary>
    public void OnTimeout(MonotonicTime now)
    {
        if (!_hasTransport)
        {
            if (!_isSilent && !_firstNumbered.IsNever && now - _firstNumbered >= FirstFeedback)
            {
                _isSilent = true;
                Publish();
            }
            return;
        }
        if (_isSilent || !_alarm.IsDue(now, out bool isFirst))
            return;
        if (isFirst)
            _beforeAlarm = _control.Rate;
        _control.Set(_control.Rate * FeedbackAlarm.Step, now);
        Publish();
    }

    /// <summary>Notes what transport-wide feedback says. Each packet has one result.</summary>
    public void OnFeedback(ReadOnlySpan<PacketResult> results, MonotonicTime now)
    {
        MonotonicTime received = MonotonicTime.Zero;
        bool hasArrival = false;
        foreach (ref readonly PacketResult packet in results)
        {
            if (packet.Sent < _pathSince)
                continue;
            _loss.Add(packet);
            if (!packet.IsReceived)
                continue;
            _queue.Add(packet);
            received = MonotonicTime.Max(received, packet.Sent);
            hasArrival = true;
        }
        if (!hasArrival)
            return;
        (_hasTransport, _isSilent) = (true, false);
        _response += (now - received - _response) / 8;
        _queue.Update();
        bool wasSilent = _alarm.IsRaised;
        _alarm.OnFeedback(received, _response, now);
        Control(now);
        if (wasSilent)
            EndSilence(now);
        Publish();
    }

    /// <summary>Notes the receiver's own estimate.</summary>
    public void OnRemb(Bitrate maximum, MonotonicTime now)
    {
        _reports.OnMaximum(maximum.BitsPerSecond, _sent.Rate(now), now);
        Publish();
    }

    /// <summary>Notes a receiver report, which counts only where transport-wide feedback stays away.</summary>
    public void OnReport(double fractionLost, TimeSpan? roundTrip, MonotonicTime now)
    {
        if (_hasTransport && !_isSilent)
            return;
        _reports.OnReport(fractionLost, roundTrip ?? DefaultRoundTrip, _sent.Rate(now), now);
        Publish();
    }

    /// <summary>Notes what a probe has shown.</summary>
    /// <param name="result">Rate that the path was shown to carry, bits per second.</param>
    /// <param name="isFull">True when the path carried no more than this.</param>
    /// <param name="now">The time.</param>
    public void OnProbe(double result, bool isFull, MonotonicTime now)
    {
        if (IsCongested)
            return;
        _control.OnProbe(result, isFull, now);
        Publish();
    }

    /// <summary>The packets take another path: nothing of what was known holds, but the rate that is being sent.</summary>
    public void OnPathChanged(MonotonicTime now)
    {
        _pathSince = now;
        _queue.Clear();
        _loss.Clear();
        _cross.Clear();
        _alarm.Clear();
        _reports.Clear();
        _control.Clear();
        IsCongested = false;
        Restart(Math.Min(_control.Rate, _options.Start.BitsPerSecond));
    }

    private void Restart(double rate)
    {
        _control.Begin(rate);
        Publish();
    }

    private void Control(MonotonicTime now)
    {
        double unnumbered = _unnumbered.Rate(now), sent = _sent.Rate(now);
        // What is said to have arrived was sent: a forged arrival proves nothing.
        double arriving = Math.Min(_arrivals.Rate(Window) + unnumbered, Math.Max(sent, _sent.Greatest));
        LimitByLoss(now);
        if (_cross.Update(_queue, arriving > Carried * sent, now))
        {
            _cross.Clear();
            _queue.Rebase();
        }
        if (IsCongested && (_queue.Queue < _queue.Threshold / 2 || now - _congested > LongestDrain || _cross.IsPresent))
            IsCongested = false;
        if (_cross.IsWaiting && arriving > Carried * sent && _loss.Excess < LossOfFullQueue)
        {
            // Whether the queue falls has to be seen before anything more is given up.
            _control.Keep(now);
            return;
        }
        if (_cross.IsPresent)
        {
            _competition.Update(_control, arriving, _loss.Excess, _response, now);
            return;
        }
        _competition.Clear();
        Overuse verdict = OveruseDetector.Judge(_queue, _loss.Excess, _response);
        if (_firstLook.Take(verdict, now))
            _control.OnArrival(arriving);
        switch (verdict)
        {
            case Overuse.Growing:
                OnGrowing(sent, unnumbered, now);
                break;
            case Overuse.Standing when !_control.IsApplicationLimited(sent):
                Decrease(arriving, sent, now);
                break;
            case Overuse.None when !IsCongested:
                _control.Increase(sent, arriving, _response, now);
                break;
            default:
                _control.Keep(now);
                break;
        }
    }

    /// <summary>
    /// A queue grows: the path is full, and what arrives is what it carries. A receiver that is late to read looks the same for a moment;
    /// where far less is sent than the path has carried, the queue has to hold back what is sent, or to grow on.
    /// </summary>
    private void OnGrowing(double sent, double unnumbered, MonotonicTime now)
    {
        // Jitter keeps back some of what has arrived last.
        TimeSpan shortest = ShortestBusy + 2 * _queue.Jitter, busy = _queue.Busy < shortest ? shortest : _queue.Busy;
        double carried = _arrivals.Rate(busy < Window ? busy : Window) + unnumbered, lately = _arrivals.Rate(Window) + unnumbered;
        bool isHeldUp = carried < Carried * sent && lately < CarriedLately * sent && _queue.Rise > LeastRise;
        isHeldUp |= _queue.Above > Window + 2 * _response;
        if (carried > 0 && (isHeldUp || !_control.IsApplicationLimited(sent)))
            Decrease(carried, sent, now);
        else
            _control.Keep(now);
    }

    private void Decrease(double carried, double sent, MonotonicTime now)
    {
        double before = _control.Rate;
        if (!_control.Decrease(carried, _response, now))
            return;
        _competition.OnDecrease(before, Sending ?? sent, now);
        _cross.OnDecrease(_queue.Queue, Math.Min(sent, _control.Rate) / carried, _response, now);
        if (_control.Rate < (Sending ?? sent))
            (IsCongested, _congested) = (true, now);
    }

    private void LimitByLoss(MonotonicTime now)
    {
        bool wasLimited = _loss.Limit is not null;
        if (!_loss.Update(_queue.IsAbove, now))
            return;
        if (_loss.Limit is { } limit)
        {
            if (!wasLimited)
                _beforeLoss = _control.Rate;
            if (limit < _control.Rate)
                _control.Set(limit, now);
        }
        else if (wasLimited)
        {
            // The losses went on when less was sent, so they were not due to the rate.
            _control.Set(Math.Max(_control.Rate, _beforeLoss), now);
        }
    }

    /// <summary>Feedback is back after a silence: what it says of the path holds, not the silence.</summary>
    private void EndSilence(MonotonicTime now)
    {
        if (!_queue.IsAbove && _loss.Excess < 0.1)
            _control.Set(Math.Max(_control.Rate, _beforeAlarm), now);
    }

    /// <summary>The one place in which the estimate is bounded and told.</summary>
    private void Publish()
    {
        bool hasNumbers = ExpectsTransportFeedback && !_isSilent;
        double? rate = hasNumbers ? _control.Rate : _reports.Rate;
        double value = Math.Clamp(rate ?? _options.Maximum.BitsPerSecond, _options.Floor.BitsPerSecond, _options.Maximum.BitsPerSecond);
        double told = rate is null ? 0 : value;
        bool isChange = Math.Abs(told - _told) > Step * _told || IsCongested != _wasCongested;
        Estimate = rate is null ? null : new Bitrate((long)value);
        if (!isChange)
            return;
        (_told, _wasCongested) = (told, IsCongested);
        Version++;
    }
}
