using System.Collections.Concurrent;
using System.Net.Sockets;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Tests.Datapath.Udp;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Workers;

public sealed class WorkerThreadTests
{
    private readonly byte[] _buffer = new byte[64];

    public static TheoryData<DatapathEngine> Engines => RunningWorker.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public void Wake_from_another_thread_brings_a_tick_each_time(DatapathEngine engine)
    {
        using SemaphoreSlim ticks = new(0);
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Tick = _ =>
            {
                ticks.Release();
                return MonotonicTime.Never;
            },
        }).Start();

        // The first tick needs no wake-up, and shows when the worker wants to be called.
        Assert.True(ticks.Wait(RunningWorker.Limit));
        for (int i = 0; i < 1_000; i++)
        {
            worker.Datapath.Wake();
            Assert.True(ticks.Wait(RunningWorker.Limit));
        }
    }

    [Fact]
    public void A_worker_keeps_to_its_processor_and_leaves_the_others_to_everybody_else()
    {
        if (!OperatingSystem.IsLinux())
            return;
        int[] before = ProcessorAffinityTests.Usable();
        using BlockingCollection<int[]> seen = [];
        using RunningWorker worker = new RunningWorker(DatapathEngine.Portable, _ =>
            new DelegateHandler { Tick = _ => TellProcessors(seen) }, processor: before[^1]).Start();

        Assert.True(seen.TryTake(out int[]? usable, RunningWorker.Limit));

        Assert.Equal([before[^1]], usable);
        Assert.Equal(before, ProcessorAffinityTests.Usable());
    }

    [Fact]
    public void A_worker_whose_processor_is_gone_says_so_and_runs_where_it_can()
    {
        const int Gone = 1_000_000;
        using BlockingCollection<int[]> seen = [];
        using RunningWorker worker = new RunningWorker(DatapathEngine.Portable, _ =>
            new DelegateHandler { Tick = _ => TellProcessors(seen) }, processor: Gone).Start();

        Assert.True(seen.TryTake(out int[]? usable, RunningWorker.Limit));

        Assert.Equal(ProcessorAffinityTests.Usable(), usable);
        Assert.True(worker.Faults.TryTake(out Exception? fault, RunningWorker.Limit));
        Assert.Contains("no processor 1000000", fault.Message);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Work_put_in_place_before_a_wake_is_always_seen(DatapathEngine engine)
    {
        const int Count = 20_000;
        ConcurrentQueue<int> inbox = [];
        using ManualResetEventSlim done = new();
        int seen = 0;
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Tick = _ =>
            {
                while (inbox.TryDequeue(out int _))
                    seen++;
                if (seen == Count)
                    done.Set();
                return MonotonicTime.Never;
            },
        }).Start();

        for (int i = 0; i < Count; i++)
        {
            inbox.Enqueue(i);
            worker.Datapath.Wake();
        }

        Assert.True(done.Wait(RunningWorker.Limit));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Tick_comes_at_its_deadline_and_never_before(DatapathEngine engine)
    {
        using BlockingCollection<(MonotonicTime Wanted, MonotonicTime Called)> ticks = [];
        MonotonicTime wanted = MonotonicTime.Zero;
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Tick = now =>
            {
                ticks.Add((wanted, now));
                return wanted = now + TimeSpan.FromMicroseconds(300);
            },
        }).Start();

        for (int i = 0; i < 50; i++)
        {
            Assert.True(ticks.TryTake(out (MonotonicTime Wanted, MonotonicTime Called) tick, RunningWorker.Limit));
            // Nothing else wakes the worker here, so an early tick would mean that it polls.
            Assert.True(tick.Called >= tick.Wanted);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Exception_for_one_datagram_is_reported_and_the_next_one_is_served(DatapathEngine engine)
    {
        using RunningWorker worker = new RunningWorker(engine, datapath => new DelegateHandler
        {
            Datagram = (datagram, path) =>
            {
                if (datagram[0] == 1)
                    throw new InvalidOperationException("bug");
                datapath.Reserve()[0] = datagram[0];
                datapath.Commit(1, path);
            },
        }).Start();
        using Socket client = worker.Connect();

        client.Send([1]);
        client.Send([2]);

        Assert.Equal(1, client.Receive(_buffer));
        Assert.Equal(2, _buffer[0]);
        Assert.True(worker.Faults.TryTake(out Exception? fault, RunningWorker.Limit));
        Assert.Equal("bug", fault.Message);
        Assert.Equal(1, worker.Datapath.Statistics.HandlerFaults);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Handler_learns_of_a_path_that_closed_after_its_last_datagram(DatapathEngine engine)
    {
        using BlockingCollection<string> events = [];
        using RunningWorker worker = new RunningWorker(engine, datapath => new DelegateHandler
        {
            Datagram = (_, path) =>
            {
                datapath.Endpoints.Close(path);
                events.Add($"datagram {path}");
            },
            PathClosed = path => events.Add($"closed {path}"),
        }).Start();
        using Socket client = worker.Connect();

        client.Send([1]);

        Assert.True(events.TryTake(out string? datagram, RunningWorker.Limit));
        Assert.True(events.TryTake(out string? closed, RunningWorker.Limit));
        Assert.StartsWith("datagram #0 127.0.0.1:", datagram);
        Assert.Equal(datagram.Replace("datagram", "closed", StringComparison.Ordinal), closed);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Exception_of_a_tick_is_reported_and_ticks_go_on(DatapathEngine engine)
    {
        using ManualResetEventSlim again = new();
        int ticks = 0;
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Tick = _ =>
            {
                if (++ticks == 1)
                    throw new InvalidOperationException("bug");
                again.Set();
                return MonotonicTime.Never;
            },
        }).Start();

        Assert.True(again.Wait(RunningWorker.Limit));
        Assert.Equal("bug", worker.Faults.Take().Message);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Handler_runs_on_one_thread_named_after_its_worker(DatapathEngine engine)
    {
        using BlockingCollection<Thread> threads = [];
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Datagram = (_, _) => threads.Add(Thread.CurrentThread),
            Tick = _ =>
            {
                threads.Add(Thread.CurrentThread);
                return MonotonicTime.Never;
            },
        }).Start();
        using Socket client = worker.Connect();
        client.Send([1]);

        Assert.True(threads.TryTake(out Thread? first, RunningWorker.Limit));
        Assert.True(threads.TryTake(out Thread? second, RunningWorker.Limit));
        Assert.Equal("media-worker-0", first.Name);
        Assert.Same(first, second);
        Assert.NotSame(Thread.CurrentThread, first);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Stop_ends_a_sleeping_worker_and_may_be_repeated(DatapathEngine engine)
    {
        using RunningWorker worker = new RunningWorker(engine, datapath => new EchoHandler(datapath)).Start();
        Assert.True(worker.IsRunning);
        Assert.True(worker.Stop(RunningWorker.Limit));
        Assert.False(worker.IsRunning);
        Assert.True(worker.Stop(TimeSpan.Zero));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Stop_of_a_worker_that_hangs_says_so_within_the_limit(DatapathEngine engine)
    {
        using ManualResetEventSlim entered = new();
        using ManualResetEventSlim release = new();
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Tick = _ =>
            {
                entered.Set();
                release.Wait();
                return MonotonicTime.Never;
            },
        }).Start();

        Assert.True(entered.Wait(RunningWorker.Limit));
        Assert.False(worker.Stop(TimeSpan.FromMilliseconds(50)));
        release.Set();
        Assert.True(worker.Stop(RunningWorker.Limit));
    }

    private static MonotonicTime TellProcessors(BlockingCollection<int[]> seen)
    {
        seen.Add(ProcessorAffinityTests.Usable());
        return MonotonicTime.Never;
    }
}
