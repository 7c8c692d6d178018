using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Sfu.Workers;

/// <summary>Makes a worker's rooms and live streams leave out what the <see cref="OverloadGovernor"/> says, and tells the operator.</summary>
internal sealed class LoadShedder(int worker, WorkerContext context, RoomTable rooms, LiveStreamTable streams, IWorkerOutbox outbox, MonotonicTime now)
{
    /// <summary>How often the load is to be looked at while something is left out.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Over only when it has been so for this long: a worker at its limit is told of once.</summary>
    private static readonly TimeSpan CalmTime = TimeSpan.FromSeconds(10);

    private readonly OverloadGovernor _governor = new(now);
    private MonotonicTime _began;
    private MonotonicTime _calmSince;
    private long _shedBefore;
    private int _highestLevel;
    private bool _isTold;

    /// <summary>When the worker is to look again at the latest.</summary>
    public MonotonicTime DeadlineAt(MonotonicTime now) => _isTold ? now + Interval : MonotonicTime.Never;

    public void OnLoad(in WorkerLoad load, MonotonicTime now)
    {
        int step = _governor.Judge(load, now);
        if (step != 0)
            Step(step, now);
        Tell(load, now);
    }

    /// <summary>On to the next level that makes a difference: not every one has something to leave out.</summary>
    private void Step(int step, MonotonicTime now)
    {
        int level = _governor.Level;
        do
            level += step;
        while (!Apply(level, now) && level is > 0 and < SheddingPlan.MaxLevel);
        _governor.MoveTo(level, now);
    }

    private bool Apply(int level, MonotonicTime now)
    {
        context.Shedding.Level = level;
        bool isChanged = false;
        foreach (Room room in rooms.Rooms.ToImmutableArray())
        {
            try
            {
                isChanged |= room.Shed(now);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                rooms.OnRoomFault(room, fault, now);
            }
        }
        foreach (LiveStream stream in streams.Streams)
        {
            try
            {
                isChanged |= stream.Shed(now);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                streams.OnStreamFault(stream, fault);
            }
        }
        return isChanged;
    }

    private void Tell(in WorkerLoad load, MonotonicTime now)
    {
        _highestLevel = Math.Max(_highestLevel, _governor.Level);
        if (_governor.Level > 0)
        {
            _calmSince = now;
            if (_isTold)
                return;
            _isTold = true;
            _began = now;
            _shedBefore = context.Drops[DropReason.Shed];
            Tell(new OverloadInfo(worker, IsOverloaded: true, _governor.Level, TimeSpan.Zero, PacketsShed: 0, load));
        }
        else if (_isTold && now - _calmSince >= CalmTime)
        {
            _isTold = false;
            Tell(new OverloadInfo(
                worker, IsOverloaded: false, _highestLevel, _calmSince - _began, context.Drops[DropReason.Shed] - _shedBefore, load));
            _highestLevel = 0;
        }
    }

    private void Tell(OverloadInfo overload) => outbox.Add(new WorkerEvent.OverloadChanged(overload));
}
