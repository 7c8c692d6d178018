using System.Collections.Immutable;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Workers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Relay;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Node;

/// <summary>One media worker with its sockets and its thread, as the rest of the server sees it.</summary>
internal sealed class WorkerHandle(
    int index, UdpDatapath datapath, ImmutableArray<string> candidates, MediaWorker worker, WorkerThread thread, WorkerEvents events)
    : IDisposable
{
    /// <summary>Most commands in the worker's inbox. It runs thousands a second.</summary>
    public const int MaxCommands = 1_000;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly MediaWorker _worker = worker;
    private readonly SemaphoreSlim _room = new(MaxCommands);
    private long _delayed;

    /// <summary>The worker's index among the workers of the node.</summary>
    public int Index => index;

    public UdpDatapath Datapath => datapath;

    public RelayStatistics Relay => _worker.Relay;

    /// <summary>Time that the worker stood still for in all, without being asked to.</summary>
    public TimeSpan StandstillTime => _worker.StandstillTime;

    /// <inheritdoc cref="MediaWorker.Lines"/>
    public LineCensus Lines => _worker.Lines;

    /// <summary>Candidate-attribute values of this worker's addresses, for its peers' answers.</summary>
    public ImmutableArray<string> Candidates => candidates;

    /// <inheritdoc cref="MediaWorker.SheddingLevel"/>
    public int SheddingLevel => _worker.SheddingLevel;

    public bool IsRunning => thread.IsRunning;

    /// <summary>Number of commands for which there was no room at first.</summary>
    public long CommandsDelayed => Interlocked.Read(ref _delayed);

    /// <summary>Lets each carry viewers of the others' live streams; before any is started.</summary>
    public static void Connect(ImmutableArray<WorkerHandle> workers) => MediaWorker.Connect([.. workers.Select(worker => worker._worker)]);

    public void Start() => thread.Start();

    /// <summary>
    /// Runs a command on the worker's thread, between batches. What awaits the result continues on the pool, never on
    /// the worker's thread; what the command throws goes to the caller, never to the worker. A command for which there is no room waits,
    /// and none is lost: whoever gave it gives no other meanwhile, so that as many wait as there are connections.
    /// </summary>
    public async Task<T> InvokeAsync<T>(Func<MediaWorker, MonotonicTime, T> command)
    {
        Task room = events.RoomAsync();
        Task place = _room.WaitAsync();
        if (!room.IsCompleted || !place.IsCompleted)
            Interlocked.Increment(ref _delayed);
        await place;
        await room;
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _worker.Post(now =>
        {
            _room.Release();
            try
            {
                completion.SetResult(command(_worker, now));
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                completion.SetException(fault);
            }
        });
        return await completion.Task;
    }

    public void Dispose()
    {
        // Sockets and slabs are still in use while the thread runs: better leaked at exit than pulled away.
        if (!thread.Stop(StopLimit))
            return;
        datapath.Dispose();
        _room.Dispose();
    }
}
