using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Allocation;

/// <summary>Makes the receivers on a worker go without what the <see cref="OverloadGovernor"/> says, and notifies the operator.</summary>
/// <param name="worker">The worker's index, for the notification.</param>
/// <param name="shedding">The worker's level and its receivers.</param>
/// <param name="drops">The worker's counters.</param>
/// <param name="notify">The worker's outbox.</param>
/// <param name="now">The time.</param>
internal sealed class LoadShedder(int worker, Shedding shedding, DropCounters drops, Action<OverloadInfo> notify, MonotonicTime now)
{
    /// <summary>Time between two samples of the load while something is left out.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Time for which everything must have been sent before the overload counts as over, so that a worker at its limit is reported once.
    /// </summary>
    private static readonly TimeSpan CalmTime = TimeSpan.FromSeconds(10);

    private readonly OverloadGovernor _governor = new(now);
    private MonotonicTime _began;
    private MonotonicTime _calmSince;
    private long _shedBefore;
    private int _highestLevel;
    private bool _isReported;

    /// <summary>Time at which the worker has to sample its load again at the latest.</summary>
    public MonotonicTime DeadlineAt(MonotonicTime now) => _isReported ? now + Interval : MonotonicTime.Never;

    public void OnLoad(in WorkerLoad load, MonotonicTime now)
    {
        int step = _governor.Judge(load, now);
        if (step != 0)
            Step(step, now);
        Report(load, now);
    }

    /// <summary>Moves to the next level that makes a difference: not every level has something to leave out.</summary>
    private void Step(int step, MonotonicTime now)
    {
        int level = _governor.Level;
        do
            level += step;
        while (!shedding.Apply(level, now) && level is > 0 and < SheddingPlan.MaxLevel);
        _governor.MoveTo(level, now);
    }

    private void Report(in WorkerLoad load, MonotonicTime now)
    {
        _highestLevel = Math.Max(_highestLevel, _governor.Level);
        if (_governor.Level > 0)
        {
            _calmSince = now;
            if (_isReported)
                return;
            _isReported = true;
            _began = now;
            _shedBefore = drops[DropReason.Shed];
            notify(new OverloadInfo(worker, IsOverloaded: true, _governor.Level, TimeSpan.Zero, PacketsShed: 0, load));
        }
        else if (_isReported && now - _calmSince >= CalmTime)
        {
            _isReported = false;
            notify(new OverloadInfo(
                worker, IsOverloaded: false, _highestLevel, _calmSince - _began, drops[DropReason.Shed] - _shedBefore, load));
            _highestLevel = 0;
        }
    }
}
