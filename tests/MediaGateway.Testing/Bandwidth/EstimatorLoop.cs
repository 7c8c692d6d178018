using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Links;
using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>
/// The estimator in its loop, without a gateway around it: a source in steps or elastic, a bottleneck, transport-wide feedback, and the
/// simplest rule that follows the estimate. The same seed gives the same run, and a minute of it takes milliseconds.
/// </summary>
internal sealed class EstimatorLoop
{
    /// <summary>Part of a step's rate that the estimate has to be for a step up.</summary>
    private const double Up = 1.08;

    private const double Drain = 0.7;

    private static readonly TimeSpan HoldAfterDown = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Sampling = TimeSpan.FromMilliseconds(50);

    private readonly SimulatedNetwork _network;
    private readonly LoopOptions _options;
    private readonly LoopReceiver _receiver;
    private readonly LoopSource _source;
    private readonly ProbeController _probes;
    private readonly MonotonicTime _start;
    private MonotonicTime _down;
    private MonotonicTime _planned = MonotonicTime.Never;
    private int _version = -1;

    public EstimatorLoop(SimulatedNetwork network, SimulatedLink link, LoopOptions options, int seed, LinkFlow? back = null)
    {
        (_network, _options, _start) = (network, options, network.Now);
        Flow = link.Join($"viewer {seed}");
        Estimator = new BandwidthEstimator(options.Estimator);
        _probes = new ProbeController(Estimator);
        _receiver = new LoopReceiver(network, Flow, back, options, seed) { Results = OnFeedback };
        _down = network.Now - HoldAfterDown;
        Step = 0;
        _source = new LoopSource(network, seed, Send);
        Choose(isStart: true);
        Sample();
    }

    public BandwidthEstimator Estimator { get; }

    public LinkFlow Flow { get; }

    public ProbeController Probes => _probes;

    public LoopReceiver Receiver => _receiver;

    /// <summary>The step that is sent, from 0.</summary>
    public int Step { get; private set; }

    public int BestStep { get; set; } = int.MaxValue;

    public long BytesSent { get; private set; }

    /// <summary>Changes of the step, and when.</summary>
    public List<(TimeSpan Time, int Step)> Changes { get; } = [];

    /// <summary>Samples each 50 ms.</summary>
    public List<LoopSample> Samples { get; } = [];

    private double EstimateNow => Estimator.Estimate?.BitsPerSecond ?? double.MaxValue;

    private int Top => Math.Min(BestStep, _options.Steps.Length - 1);

    /// <summary>Changes what is sent at the most: a wish for it, or its end.</summary>
    public void SetBestStep(int step)
    {
        BestStep = step;
        Choose(isStart: false);
    }

    /// <summary>Time from the start until a step was sent; null when it never was.</summary>
    public TimeSpan? TimeOf(int step, TimeSpan after = default)
    {
        foreach ((TimeSpan time, int value) in Changes)
        {
            if (time >= after && value >= step)
                return time - after;
        }
        return null;
    }

    public double MeanEstimate(double from, double to) =>
        Samples.Where(sample => sample.Seconds >= from && sample.Seconds < to).Average(sample => sample.Megabits);

    /// <summary>Part of the time between two times in which a step was sent, or a better one.</summary>
    public double PartAtLeast(int step, double from, double to) => Samples
        .Where(sample => sample.Seconds >= from && sample.Seconds < to).Average(sample => sample.Step >= step ? 1.0 : 0.0);

    private void Send(int bytes)
    {
        MonotonicTime now = _network.Now;
        byte cluster = _probes.Cluster;
        Estimator.OnSent(bytes, now);
        _probes.OnSent(bytes, now);
        BytesSent += bytes;
        _receiver.Send(bytes, cluster);
        React();
    }

    private void OnFeedback(ReadOnlyMemory<PacketResult> results)
    {
        Estimator.OnFeedback(results.Span, _network.Now);
        _probes.OnFeedback(results.Span, _network.Now);
        React();
    }

    private void React()
    {
        if (Estimator.Version != _version)
        {
            _version = Estimator.Version;
            Choose(isStart: false);
        }
        _source.PaceLimit = 2 * EstimateNow;
        Plan();
    }

    private void Plan()
    {
        MonotonicTime next = MonotonicTime.Min(_options.HasFiller ? _probes.NextFiller : MonotonicTime.Never, _probes.NextDeadline);
        if (next.IsNever || next >= _planned)
            return;
        _planned = next;
        _network.At(next, () =>
        {
            if (_network.Now < _planned)
                return;
            _planned = MonotonicTime.Never;
            _probes.OnTimeout(_network.Now);
            Fill();
            Plan();
        });
    }

    private void Fill()
    {
        if (!_options.HasFiller)
            return;
        int due = _probes.FillerDue(_network.Now);
        if (due > 0)
            _probes.OnFiller(due);
        for (; due > 0; due -= 1200)
            Send(Math.Clamp(due, 100, 1200));
    }

    private void Choose(bool isStart)
    {
        if (_options.IsElastic)
            ChooseRate();
        else
            ChooseStep(isStart);
    }

    private void ChooseRate()
    {
        double most = _options.Steps[Top].Megabits * 1e6, sound = _options.Steps[0].Megabits * 1e6;
        double rate = Math.Min(most, EstimateNow * (Estimator.IsCongested ? Drain : 1));
        _source.PictureRate = Math.Max(0, rate - sound);
        _probes.SetDemand(Rate(rate), Rate(rate < 0.95 * most ? Up * most : 0), Rate(most), _network.Now);
    }

    private void ChooseStep(bool isStart)
    {
        MonotonicTime now = _network.Now;
        int step = Math.Min(Step, Top);
        if (CostOf(step) > EstimateNow || Estimator.IsCongested && !_wasCongested)
        {
            while (step > 0 && CostOf(step) > EstimateNow)
                step--;
            if (Estimator.IsCongested && step > 0 && CostOf(step) > Drain * EstimateNow)
                step--;
        }
        _wasCongested = Estimator.IsCongested;
        if (step < Step)
            _down = now;
        if (!Estimator.IsCongested && now - _down >= HoldAfterDown)
        {
            while (step < Top && Up * CostOf(step + 1) <= EstimateNow)
                step++;
        }
        if (isStart)
            step = Math.Min(step, Math.Max(0, Top - 1));
        if (step != Step)
        {
            _source.Discard();
            Step = step;
            Changes.Add((now - _start, step));
            if (_options.Steps[step].KeyFrameBytes > 0)
                _source.SendKeyFrame(_options.Steps[step].KeyFrameBytes);
            _source.PictureRate = Math.Max(0, CostOf(step) - CostOf(0));
        }
        _probes.SetDemand(Rate(CostOf(Step)), Rate(Step < Top ? Up * CostOf(Step + 1) : 0), Rate(CostOf(Top)), now);
        if (!isStart)
            Plan();
    }

    private bool _wasCongested;

    private double CostOf(int step) => _options.Steps[step].Megabits * 1e6;

    private static Bitrate Rate(double bitsPerSecond) => new((long)bitsPerSecond);

    private void Sample()
    {
        Samples.Add(new LoopSample((_network.Now - _start).TotalSeconds, EstimateNow / 1e6, Step, Estimator.QueueDelay.TotalMilliseconds,
            Estimator.IsCongested));
        Choose(isStart: false);
        React();
        _network.After(Sampling, Sample);
    }
}
