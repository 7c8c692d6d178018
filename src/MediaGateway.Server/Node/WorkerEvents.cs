using System.Threading.Channels;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Node;

/// <summary>
/// The workers' outboxes joined into one queue. An event lost would be a session leaked, and a worker must not wait, so that adding never
/// fails. The bound is on what causes events: while more than <see cref="MaxWaiting"/> wait, commands of clients wait for them
/// (<see cref="RoomAsync"/>); what peers cause by themselves is bounded by their number.
/// </summary>
internal sealed class WorkerEvents : IWorkerOutbox
{
    public const int MaxWaiting = 10_000;

    private readonly Channel<Entry> _queue = Channel.CreateUnbounded<Entry>();

    public void Add(WorkerEvent workerEvent) => _queue.Writer.TryWrite(new Entry(workerEvent, null));

    /// <summary>All events in order until <see cref="Complete"/>; an event counts as read when the reader asks for the next one.</summary>
    public async IAsyncEnumerable<WorkerEvent> ReadAllAsync()
    {
        await foreach ((WorkerEvent? workerEvent, TaskCompletionSource? mark) in _queue.Reader.ReadAllAsync())
        {
            mark?.SetResult();
            if (workerEvent is not null)
                yield return workerEvent;
        }
    }

    /// <summary>Completes when a command may cause events: at once as a rule, else once those that wait now have been read.</summary>
    public Task RoomAsync() => _queue.Reader.Count < MaxWaiting ? Task.CompletedTask : MarkAsync();

    /// <summary>Completes once the reader has read everything that was queued before; at once when nothing is read any more.</summary>
    public Task MarkAsync()
    {
        var mark = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.Writer.TryWrite(new Entry(null, mark)) ? mark.Task : Task.CompletedTask;
    }

    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>An event, or a mark that somebody waits for.</summary>
    private readonly record struct Entry(WorkerEvent? WorkerEvent, TaskCompletionSource? Mark);
}
