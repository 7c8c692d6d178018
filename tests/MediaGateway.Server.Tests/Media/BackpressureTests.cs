using MediaGateway.Server.Node;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Media;

/// <summary>Queues between the workers and everybody else, filled to their bounds: what waits waits, and nothing is lost.</summary>
public sealed class BackpressureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Commands_beyond_a_full_inbox_wait_and_all_are_carried_out_in_their_order()
    {
        const int Beyond = 10;
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        WorkerHandle worker = gateway.Services.GetRequiredService<WorkerPool>().Workers[0];
        using var release = new ManualResetEventSlim();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> holding = worker.InvokeAsync((_, _) =>
        {
            held.SetResult();
            return release.Wait(Patience);
        });
        await held.Task.WaitAsync(Patience);

        List<int> carriedOut = [];
        Task<int>[] commands = [.. Enumerable.Range(0, WorkerHandle.MaxCommands + Beyond).Select(i => worker.InvokeAsync((_, _) =>
        {
            carriedOut.Add(i);
            return i;
        }))];
        Assert.Equal(Beyond, worker.CommandsDelayed);
        release.Set();
        await Task.WhenAll(commands).WaitAsync(Patience);

        Assert.True(await holding);
        Assert.Equal(Enumerable.Range(0, commands.Length), commands.Select(command => command.Result));
        Assert.Equal(Enumerable.Range(0, WorkerHandle.MaxCommands), carriedOut.Take(WorkerHandle.MaxCommands));
        Assert.Equal(commands.Length, carriedOut.Count);
    }

    [Fact]
    public async Task Commands_wait_for_events_that_nobody_reads_and_no_event_is_lost()
    {
        using var logs = new HeldLogs(108);
        await using ControlGateway gateway = await ControlGateway.StartAsync(logs);
        WorkerHandle worker = gateway.Services.GetRequiredService<WorkerPool>().Workers[0];
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "long" }, ControlGateway.Admin);
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "short" }, ControlGateway.Admin);
        // Whoever reads the events is held at the log line of a room's end.
        Task deleted = gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { Name = "short" }, ControlGateway.Admin).ResponseAsync;
        await logs.Held.WaitAsync(Patience);
        long before = gateway.Told.Snapshot().Sequence;

        await worker.InvokeAsync((media, now) =>
        {
            for (int i = 1; i <= WorkerEvents.MaxWaiting; i++)
                media.Rooms.Find("long")!.Update(media.Rooms.Find("long")!.Snapshot().Options with { Metadata = $"{i}" }, now);
            return true;
        });
        Task<bool> next = worker.InvokeAsync((_, _) => true);
        Assert.Equal((false, 1), (next.IsCompleted, worker.CommandsDelayed));
        logs.Release();
        Assert.True(await next.WaitAsync(Patience));
        await deleted.WaitAsync(Patience);
        await gateway.Services.GetRequiredService<NodeEvents>().CaughtUpAsync().WaitAsync(Patience);

        Assert.Equal(before + WorkerEvents.MaxWaiting, gateway.Told.Snapshot().Sequence);
        Assert.Equal($"{WorkerEvents.MaxWaiting}", gateway.Told.State.Rooms["long"].Room.Options.Metadata);
        Assert.False(gateway.Told.State.Rooms.ContainsKey("short"));
    }

    /// <summary>Log that holds whoever writes a line of one event until it is released.</summary>
    private sealed class HeldLogs(int held) : ILoggerProvider, ILogger
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        public Task Held => _held.Task;

        public void Release() => _released.Set();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id != held)
                return;
            _held.TrySetResult();
            _released.Wait(Patience);
        }

        public void Dispose() => _released.Set();
    }
}
