using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// Decides when a worker has to leave out more, and when less will do. More at once, within a few tenths of a second, for
/// everything that waits meanwhile comes late; less only after a quiet time, and what turned out to be too little is not
/// tried again soon.
/// </summary>
public sealed class OverloadGovernor(MonotonicTime now)
{
    /// <summary>A thread that is awake so much of the time may be behind; whether it is, what waits tells.</summary>
    private const double Saturated = 0.95;

    /// <summary>As busy for a second or longer it is at its limit, and no hiccup is what lets datagrams wait.</summary>
    private const double Full = 0.99;

    /// <summary>
    /// A worker that has so little of the processor is not held up by its own work: another process is, or the machine. Leaving
    /// out what little it does would help nobody.
    /// </summary>
    private const double Starved = 0.25;

    /// <summary>With so much time left, what is taken back next fits into the rest.</summary>
    private const double Quiet = 0.7;

    /// <summary>
    /// Below this it may: that is tried now and then, for else what a hiccup of the machine has brought would last as long as a load that
    /// the worker carries well.
    /// </summary>
    private const double Carried = 0.9;

    /// <summary>Whatever was too much then may not be any longer when the load has fallen below this part of it.</summary>
    private const double FallenLoad = 0.7;

    /// <summary>
    /// By how much, of the time that passes, the delay falls when enough is left out: what is there is served so much faster than
    /// more comes. Without this the wait for a queue to empty would be taken for a load that is still too high.
    /// </summary>
    private const double CatchingUp = 0.15;

    /// <summary>
    /// While nothing is left out, a queue that would be gone within this, as fast as it falls, is what a hiccup has left, a pause of the garbage
    /// collector or another program: the load is carried.
    /// </summary>
    private static readonly TimeSpan HiccupTime = TimeSpan.FromSeconds(3);

    /// <summary>As long may datagrams wait all the time: not more than what a receiver's jitter buffer takes anyway.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// So much lateness, the waits of looks in a row added up, is no hiccup of the machine: the third look at twice what it carries, the tenth when it is a
    /// little too much.
    /// </summary>
    private static readonly TimeSpan Certainty = TimeSpan.FromMilliseconds(200);

    /// <summary>What a look counts for at which datagrams were lost, or at which the system does not tell how long they wait.</summary>
    private static readonly TimeSpan Grave = TimeSpan.FromMilliseconds(100);

    /// <summary>As long after a step up the next look at an overload brings the next one: what waited before is soon gone when the step was enough.</summary>
    private static readonly TimeSpan Escalation = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CarriedTime = TimeSpan.FromSeconds(10);

    /// <summary>Overloaded within this after a step down: the step was wrong. Else it has held.</summary>
    private static readonly TimeSpan Probation = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(2);

    private MonotonicTime _last = now;
    private MonotonicTime _changed = now;
    private MonotonicTime _raised = MonotonicTime.Never;
    private TimeSpan _delay;
    private TimeSpan _lateness;

    // The last step down: from where, when, and how busy it was before.
    private int _triedFrom;
    private MonotonicTime _tried = MonotonicTime.Never;
    private double _busyBefore;

    // What turned out to be too much: not below this level until then, unless the load falls.
    private int _floor;
    private MonotonicTime _floorUntil = MonotonicTime.Zero;
    private double _floorBusy;
    private TimeSpan _patience = FirstPatience;

    /// <summary>0 while nothing is left out, to <see cref="SheddingPlan.MaxLevel"/>.</summary>
    public int Level { get; private set; }

    /// <summary>How busy the worker is, over the last second or so.</summary>
    public double Busy { get; private set; }

    /// <summary>Takes note of the load since the last call.</summary>
    /// <returns>1 when more is to be left out, -1 when less, 0 when all is to stay. <see cref="MoveTo"/> makes it so.</returns>
    public int Judge(in WorkerLoad load, MonotonicTime now)
    {
        TimeSpan elapsed = now - _last;
        _last = now;
        Busy += (load.Busy - Busy) * Math.Min(elapsed / Memory, 1);
        bool isOverloaded = load is { Busy: >= Saturated, Cpu: >= Starved } && IsFallingBehind(load, elapsed);
        _delay = load.Delay ?? TimeSpan.Zero;
        // Once may be a hiccup of the machine, such as a thread that had to wait for the processor.
        bool isFirst = _lateness == TimeSpan.Zero;
        _lateness = !isOverloaded ? TimeSpan.Zero : _lateness + (load.Lost > 0 ? Grave : load.Delay ?? Grave);
        if (isOverloaded)
            return Level < SheddingPlan.MaxLevel && (IsEscalating(now) || (!isFirst && _lateness >= Certainty)) ? 1 : 0;
        return Level > 0 && MayStepDown(now) ? -1 : 0;
    }

    /// <summary>The level that is in force from now on.</summary>
    public void MoveTo(int level, MonotonicTime now)
    {
        if (level > Level)
            OnStepUp(now);
        else
            OnStepDown(now);
        Level = level;
        _changed = now;
    }

    /// <summary>The last step up is so recent that an overload means that it was not enough.</summary>
    private bool IsEscalating(MonotonicTime now) => !_raised.IsNever && now - _raised < Escalation;

    /// <summary>Datagrams wait and are not getting fewer, or are lost; where the system does not tell, being busy must do.</summary>
    private bool IsFallingBehind(in WorkerLoad load, TimeSpan elapsed) =>
        load.Lost > 0 || load.Delay is not { } delay || (delay > MaxDelay && !IsCatchingUp(delay, elapsed));

    private bool IsCatchingUp(TimeSpan delay, TimeSpan elapsed)
    {
        double fall = (_delay - delay) / elapsed;
        return Level > 0 ? fall >= CatchingUp : Busy < Full && fall >= delay / HiccupTime;
    }

    private bool MayStepDown(MonotonicTime now)
    {
        if (Busy > Carried || _delay > MaxDelay || now - _changed < (Busy > Quiet ? CarriedTime : QuietTime))
            return false;
        return Level > _floor || now >= _floorUntil || Busy < _floorBusy * FallenLoad;
    }

    private void OnStepUp(MonotonicTime now)
    {
        _raised = now;
        // What it was before says nothing about what is left.
        Busy = 1;
        if (_tried.IsNever || now - _tried >= Probation)
            return;
        _floor = _triedFrom;
        _floorBusy = _busyBefore;
        _floorUntil = now + _patience;
        _patience = _patience * 2 < LongestPatience ? _patience * 2 : LongestPatience;
        _tried = MonotonicTime.Never;
    }

    private void OnStepDown(MonotonicTime now)
    {
        if (!_tried.IsNever && now - _tried >= Probation)
            _patience = FirstPatience;
        _triedFrom = Level;
        _tried = now;
        _busyBefore = Busy;
    }
}
