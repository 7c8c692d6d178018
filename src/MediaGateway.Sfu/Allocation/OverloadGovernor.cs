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
    /// <summary>
    /// Share of the time from which on a thread that is awake may be behind; whether it is, the datagrams that wait tell.
    /// </summary>
    private const double Saturated = 0.95;

    /// <summary>
    /// Share of the last second or so from which on the worker is at its limit, so that no stall is what lets datagrams wait.
    /// </summary>
    private const double Full = 0.99;

    /// <summary>
    /// Share of the processor below which a worker is not held up by its own work but by another process, or by the machine. Leaving
    /// out what little it does would help nobody.
    /// </summary>
    private const double Starved = 0.25;

    /// <summary>Share of the time below which what is sent again next fits into the rest.</summary>
    private const double Quiet = 0.7;

    /// <summary>
    /// Share of the time below which it may fit. That is tried now and then: else what a stall of the machine has brought would last as
    /// long as a load that the worker carries well.
    /// </summary>
    private const double Carried = 0.9;

    /// <summary>Part of the load that was too much, below which the level that was too low then may be tried again at once.</summary>
    private const double FallenLoad = 0.7;

    /// <summary>
    /// Part of the time that passes by which the delay falls when enough is left out: what waits is served that much faster than
    /// more comes. Without this the wait for a queue to empty would be taken for a load that is still too high.
    /// </summary>
    private const double CatchingUp = 0.15;

    /// <summary>
    /// Time within which a falling queue has to be gone to count as the rest of a stall (a pause of the garbage collector, or another
    /// program) and not as overload. While nothing is left out only.
    /// </summary>
    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(3);

    /// <summary>Delay up to which datagrams may wait all the time: no more than what a receiver's jitter buffer takes anyway.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Lateness, added up over samples in a row, from which on it is no stall of the machine: reached with the third sample at twice what
    /// the worker carries, and with the tenth when the load is a little too high.
    /// </summary>
    private static readonly TimeSpan Certainty = TimeSpan.FromMilliseconds(200);

    /// <summary>Lateness of a sample in which datagrams were lost, or in which the system does not tell how long they wait.</summary>
    private static readonly TimeSpan Grave = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Time after a step up within which a sample of overload brings the next step: what waited before is soon gone when the step was
    /// enough.
    /// </summary>
    private static readonly TimeSpan Escalation = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Time without a sample, and without the processor, after which the worker stood still: a machine or a process that was suspended.
    /// </summary>
    private static readonly TimeSpan Suspension = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CarriedTime = TimeSpan.FromSeconds(10);

    /// <summary>Time after a step down within which an overload says that the step was wrong; after that it has held.</summary>
    private static readonly TimeSpan Probation = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(2);

    private MonotonicTime _last = now;
    private MonotonicTime _changed = now;
    private MonotonicTime _raised = MonotonicTime.Never;
    private TimeSpan _delay;
    private TimeSpan _lateness;

    /// <summary>Time at which the worker went on after it stood still.</summary>
    private MonotonicTime _resumed = now - StallTime;

    // The last step down: from where, when, and how busy it was before.
    private int _triedFrom;
    private MonotonicTime _tried = MonotonicTime.Never;
    private double _busyBefore;

    // What turned out to be too much: not below this level until then, unless the load falls.
    private int _floor;
    private MonotonicTime _floorUntil = MonotonicTime.Zero;
    private double _floorBusy;
    private TimeSpan _patience = FirstPatience;

    /// <summary>The level in force: 0 while nothing is left out, to <see cref="SheddingPlan.MaxLevel"/>.</summary>
    public int Level { get; private set; }

    /// <summary>Share of the last second or so that the worker was awake, 0 to 1.</summary>
    public double Busy { get; private set; }

    /// <summary>Notes the load since the last call.</summary>
    /// <returns>1 when more is to be left out, -1 when less, 0 when all is to stay. <see cref="MoveTo"/> makes it so.</returns>
    public int Judge(in WorkerLoad load, MonotonicTime now)
    {
        TimeSpan elapsed = now - _last;
        if (elapsed >= Suspension && load.Cpu < Starved)
            _resumed = now;
        _last = now;
        Busy += (load.Busy - Busy) * Math.Min(elapsed / Memory, 1);
        // What is compiled is compiled once: after a start all code is, and less video would not make it fewer methods.
        bool isOverloaded = load.Busy - load.Compiling >= Saturated && load.Cpu >= Starved && IsFallingBehind(load, elapsed);
        _delay = load.Delay ?? TimeSpan.Zero;
        // Once may be a stall of the machine, such as a thread that had to wait for the processor.
        bool isFirst = _lateness == TimeSpan.Zero;
        _lateness = !isOverloaded ? TimeSpan.Zero : _lateness + (load.Lost > 0 ? Grave : load.Delay ?? Grave);
        if (isOverloaded)
            return Level < SheddingPlan.MaxLevel && (IsEscalating(now) || (!isFirst && _lateness >= Certainty)) ? 1 : 0;
        return Level > 0 && MayStepDown(now) ? -1 : 0;
    }

    /// <summary>Sets the level that is in force from now on.</summary>
    public void MoveTo(int level, MonotonicTime now)
    {
        if (level > Level)
            OnStepUp(now);
        else
            OnStepDown(now);
        Level = level;
        _changed = now;
    }

    /// <summary>Tells whether the last step up is so recent that an overload means that it was not enough.</summary>
    private bool IsEscalating(MonotonicTime now) => !_raised.IsNever && now - _raised < Escalation;

    /// <summary>
    /// Tells whether datagrams wait and are not getting fewer, or are lost; where the system does not tell, being busy must do.
    /// </summary>
    private bool IsFallingBehind(in WorkerLoad load, TimeSpan elapsed) => !IsBacklog(load, _last - _resumed)
        && (load.Lost > 0 || load.Delay is not { } delay || (delay > MaxDelay && !IsCatchingUp(delay, elapsed)));

    private bool IsCatchingUp(TimeSpan delay, TimeSpan elapsed)
    {
        double fall = (_delay - delay) / elapsed;
        return Level > 0 ? fall >= CatchingUp : Busy < Full && fall >= delay / StallTime;
    }

    /// <summary>Tells whether what waits, or was lost, came while the worker stood still: it is served once.</summary>
    private static bool IsBacklog(in WorkerLoad load, TimeSpan sinceResumed) =>
        sinceResumed < StallTime && (load.Lost > 0 || load.Delay is not { } delay || delay >= sinceResumed);

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
