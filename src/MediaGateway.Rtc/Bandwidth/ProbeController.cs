using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The plan of probes: from the first packet on towards what is wished, then towards the next step up, for as long as one is missing. A
/// probe is at most three times the estimate at first and half as much again after one has failed; each that is carried is followed by a
/// larger one at once, until the goal is shown.
/// </summary>
/// <param name="estimator">What the probes are for; it is told their results.</param>
internal sealed class ProbeController(BandwidthEstimator estimator)
{
    /// <summary>Part of the goal that a probe reaches, so that what it shows is enough when it shows a little less.</summary>
    private const double Margin = 1.05;

    /// <summary>Part of its time by which a probe arrives later than it was sent when the path is full.</summary>
    private const double FullStretch = 0.1;

    /// <summary>The same beside a flow that fills the queue: it makes room when it finds less.</summary>
    private const double SharedStretch = 0.4;

    /// <summary>Standard error that tells a full path from one that carries the probe.</summary>
    private const double WantedError = 0.05;

    private const double FirstFactor = 3;
    private const double NextFactor = 2;

    /// <summary>Rise of the estimate by a probe that calls for the next one, whatever the budget says.</summary>
    private const double Surprise = 1.2;

    private const double CautiousFactor = 1.5;

    /// <summary>Least rate beyond what is known that a probe asks for, bits per second.</summary>
    private const double LeastStep = 100_000;

    /// <summary>Bits of a probe at the least, as far as its length allows: six packets.</summary>
    private const double LeastBits = 6 * 1200 * 8;

    /// <summary>Change of the goal by which the wait begins anew.</summary>
    private const double NewGoal = 1.1;

    private static readonly TimeSpan ShortestLength = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan LongestLength = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly ProbeCluster _cluster = new();
    private readonly ProbeBudget _budget = new();
    private double _sending;
    private double _goal;
    private double _wish;
    private double _factor = FirstFactor;
    private TimeSpan _length = ShortestLength;
    private TimeSpan _wait = FirstWait;
    private MonotonicTime _next = MonotonicTime.Zero;
    private double _queueBefore;

    /// <summary>Number of the cluster that packets belong to that are sent now; 0 for none.</summary>
    public byte Cluster => _cluster.IsOpen ? _cluster.Number : (byte)0;

    /// <summary>Time at which filler is due; never while no probe is open.</summary>
    public MonotonicTime NextFiller { get; private set; } = MonotonicTime.Never;

    /// <summary>Time at which a probe is to begin, or to be given up; never when all wishes are met.</summary>
    public MonotonicTime NextDeadline => _cluster.IsPending
        ? _cluster.LastSent + Timeout + 2 * estimator.ResponseTime
        : IsMissing ? _next : MonotonicTime.Never;

    public long FillerBytesSent { get; private set; }

    /// <summary>Probes that have ended with a result, for charts and tests.</summary>
    public int Concluded { get; private set; }

    /// <summary>Rate that is to be shown; beside another flow no more than a fair share of the path.</summary>
    private double Target => Math.Min(Margin * _goal, estimator.FairShare ?? double.MaxValue);

    private bool IsMissing => _goal > 0 && estimator.Estimate is { } estimate && _goal > estimate.BitsPerSecond
        && estimate.BitsPerSecond < (estimator.FairShare ?? double.MaxValue);

    /// <summary>States what is sent, the estimate that the next step up needs, and what all wishes need; all in all, on the wire.</summary>
    public void SetDemand(Bitrate sending, Bitrate goal, Bitrate wish, MonotonicTime now)
    {
        bool isJump = goal.BitsPerSecond > NewGoal * _goal && wish.BitsPerSecond > NewGoal * _wish;
        bool isLess = goal.BitsPerSecond < _goal / NewGoal && goal.BitsPerSecond > 0;
        (_sending, _goal, _wish) = (sending.BitsPerSecond, goal.BitsPerSecond, Math.Max(wish.BitsPerSecond, goal.BitsPerSecond));
        estimator.Sending = _sending;
        if (isJump)
        {
            _budget.Refill();
            _factor = FirstFactor;
        }
        if (isJump || isLess)
            (_wait, _next) = (FirstWait, MonotonicTime.Min(_next, now));
        OnTimeout(now);
    }

    /// <summary>The packets take another path.</summary>
    public void OnPathChanged(MonotonicTime now)
    {
        _cluster.Abort();
        NextFiller = MonotonicTime.Never;
        (_factor, _wait, _next, _length) = (FirstFactor, FirstWait, now, ShortestLength);
        _budget.Refill();
    }

    /// <summary>Notes a packet that is sent, with <see cref="Cluster"/> if it is numbered.</summary>
    public void OnSent(int bytes, MonotonicTime now)
    {
        _budget.OnSent(bytes, now);
        if (!_cluster.IsOpen)
            return;
        _cluster.OnSent(bytes, now);
        Plan(now);
    }

    /// <summary>Bytes of filler to send now; 0 when none are due.</summary>
    public int FillerDue(MonotonicTime now)
    {
        if (!_cluster.IsOpen)
            return 0;
        int due = _cluster.FillerDue(now);
        Plan(now);
        return _cluster.IsOpen ? due : 0;
    }

    /// <summary>Notes that filler is sent, before <see cref="OnSent"/> is told of its packets.</summary>
    public void OnFiller(int bytes)
    {
        FillerBytesSent += bytes;
        _budget.OnFiller(bytes);
        _cluster.OnFiller(bytes);
    }

    /// <summary>Notes what feedback says, after the estimator was told.</summary>
    public void OnFeedback(ReadOnlySpan<PacketResult> results, MonotonicTime now)
    {
        if (!_cluster.IsPending)
            return;
        foreach (ref readonly PacketResult packet in results)
        {
            if (packet.Probe == _cluster.Number)
                _cluster.OnResult(packet);
        }
        if (estimator.IsCongested || IsHarmful)
            Fail(now);
        else if (_cluster.IsComplete)
            Conclude(now);
    }

    /// <summary>Begins a probe, or gives one up.</summary>
    public void OnTimeout(MonotonicTime now)
    {
        if (_cluster.IsOpen && _cluster.IsOver(now))
            Close();
        if (_cluster.IsPending)
        {
            if (now >= NextDeadline)
                Conclude(now);
            return;
        }
        if (IsMissing && now >= _next)
            TryBegin(now);
    }

    /// <summary>True when the queue has become one that hurts what plays.</summary>
    private bool IsHarmful => _cluster.IsOpen && estimator.QueueDelay.TotalMilliseconds > _queueBefore + 60;

    private void TryBegin(MonotonicTime now)
    {
        if (estimator.IsCongested || (estimator.IsOverused && !estimator.IsCompeting))
        {
            _next = now + FirstWait / 4;
            return;
        }
        double known = Math.Max(estimator.Estimate!.Value.BitsPerSecond, _sending);
        double rate = Math.Max(Math.Min(Target, Math.Max(_factor * known, known + LeastStep)), 1.1 * known);
        TimeSpan length = TimeSpan.FromSeconds(Math.Min(Math.Max(_length.TotalSeconds, LeastBits / rate), LongestLength.TotalSeconds));
        double filler = Math.Max(rate - _sending, 0) / 8 * length.TotalSeconds;
        TimeSpan wait = _budget.TimeUntil(filler, _sending);
        if (wait > TimeSpan.Zero)
        {
            _next = now + wait;
            return;
        }
        _queueBefore = estimator.QueueDelay.TotalMilliseconds;
        _cluster.Begin(rate, length, now);
        NextFiller = now;
    }

    private void Plan(MonotonicTime now)
    {
        if (_cluster.IsOver(now))
            Close();
        else
            NextFiller = _cluster.NextDue(now);
    }

    private void Close()
    {
        _cluster.Close();
        NextFiller = MonotonicTime.Never;
    }

    private void Conclude(MonotonicTime now)
    {
        double before = estimator.Estimate?.BitsPerSecond ?? double.MaxValue;
        ProbeOutcome outcome = _cluster.Conclude(estimator.InherentLoss, estimator.IsCompeting ? SharedStretch : FullStretch,
            isLast: _cluster.Length >= LongestLength);
        Close();
        Concluded++;
        switch (outcome.Verdict)
        {
            case ProbeVerdict.Carried:
                estimator.OnProbe(outcome.Rate, isFull: false, now);
                if (outcome.Rate > Surprise * before)
                    _budget.Allow(NextFactor * _cluster.Rate / 8 * _cluster.Length.TotalSeconds);
                if (_cluster.Rate < 0.95 * Target || !IsMissing)
                    (_factor, _wait, _next) = (NextFactor, FirstWait, now);
                else if (estimator.IsCompeting)
                    BackOff(now);
                else
                    _next = now + FirstWait;
                if (_length > ShortestLength)
                    _length *= 0.9;
                break;
            case ProbeVerdict.Full:
                estimator.OnProbe(outcome.Rate, isFull: true, now);
                BackOff(now);
                break;
            case ProbeVerdict.Unclear:
                estimator.OnProbe(outcome.Rate, isFull: false, now);
                // The error falls with the power of 3/2 of the length.
                TimeSpan wanted = _cluster.Length * Math.Clamp(Math.Pow(outcome.Error / WantedError, 2.0 / 3), 1.5, 4);
                _length = wanted < LongestLength ? wanted : LongestLength;
                _next = now + FirstWait / 10;
                break;
            default:
                _budget.Refund(_cluster.FillerBytes);
                // A shorter one is less likely to meet a receiver that gets no processor.
                _length = _length / 2 > ShortestLength ? _length / 2 : ShortestLength;
                _next = now + FirstWait / 4;
                break;
        }
    }

    private void Fail(MonotonicTime now)
    {
        _cluster.Abort();
        Close();
        Concluded++;
        BackOff(now);
    }

    private void BackOff(MonotonicTime now)
    {
        _factor = CautiousFactor;
        _next = now + _wait;
        _wait = 2 * _wait < LongestWait ? 2 * _wait : LongestWait;
    }
}
