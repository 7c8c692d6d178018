using System.Threading.Channels;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Node;

/// <summary>
/// The workers' outboxes joined into one queue. Unbounded, because an event lost is a session leaked; events are
/// as rare as sessions, which are bounded.
/// </summary>
internal sealed class WorkerEvents : IWorkerOutbox
{
    private readonly Channel<Entry> _queue = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });

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
