using System.Security.Cryptography;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Node;

/// <summary>
/// The node's changes in one order, the newest of them remembered, and the state that they make. Watchers read on from the number
/// they have; who has fallen behind what is remembered begins again with the state. Thread-safe.
/// </summary>
internal sealed class EventLog(ControlOptions options, TimeProvider clock)
{
    /// <summary>
    /// Approximate limit of the memory that remembered changes hold, bytes, since a client may write 64 KiB of metadata again and again.
    /// </summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly EventEntry?[] _ring = new EventEntry?[options.EventHistory];
    private NodeState _state = NodeState.Empty;

    /// <summary>The oldest that is remembered.</summary>
    private long _first = 1;
    private long _last;
    private long _bytes;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>The id of this run of the node. It changes at each start, so that numbers of another run are told apart.</summary>
    public string NodeId { get; } = "N_" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>The state of the node as the workers have reported it by now.</summary>
    public NodeState State => Snapshot().State;

    public void Append(NodeChange change)
    {
        TaskCompletionSource before;
        lock (_lock)
        {
            _state = _state.With(change);
            _last++;
            if (_last - _first == _ring.Length)
                Forget();
            _ring[_last % _ring.Length] = new EventEntry(_last, clock.GetUtcNow(), change);
            for (_bytes += change.Weight; _bytes > MaxBytes && _first < _last;)
                Forget();
            before = _changed;
            _changed = NewSignal();
        }
        before.SetResult();
    }

    /// <summary>Everything there is, and the number of the last change in it.</summary>
    public (NodeState State, long Sequence) Snapshot()
    {
        lock (_lock)
            return (_state, _last);
    }

    /// <summary>The changes after a number, as many as fit; false when they are not remembered any more.</summary>
    /// <param name="after">The number of the last change that the reader has.</param>
    /// <param name="destination">Takes them, oldest first.</param>
    /// <param name="changed">Completes with the next change after these.</param>
    public bool TryRead(long after, List<EventEntry> destination, out Task changed)
    {
        lock (_lock)
        {
            changed = _changed.Task;
            if (after > _last || after < _first - 1)
                return false;
            for (long sequence = after + 1; sequence <= _last && destination.Count < destination.Capacity; sequence++)
                destination.Add(_ring[sequence % _ring.Length]!);
            if (destination.Count > 0 && destination[^1].Sequence < _last)
                changed = Task.CompletedTask;
            return true;
        }
    }

    private void Forget()
    {
        ref EventEntry? oldest = ref _ring[_first % _ring.Length];
        _bytes -= oldest!.Change.Weight;
        oldest = null;
        _first++;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
