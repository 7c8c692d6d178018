using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq.Expressions;
using System.Net.Sockets;
using MediaGateway.Platform.Datapath;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Tests.Datapath.Udp;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Workers;

/// <summary>A worker that is given more than it has time for: nothing but datagrams waits, and it says so.</summary>
public sealed class WorkerLoadTests
{
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(4);

    public static TheoryData<DatapathEngine> Engines => RunningWorker.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public void Timers_commands_and_sending_have_their_turn_amid_a_batch_that_takes_long(DatapathEngine engine)
    {
        const int Count = 128;
        const int MostAtOnce = 16;
        using ManualResetEventSlim done = new();
        List<int> runs = [];
        int sinceTick = 0, served = 0;
        using RunningWorker worker = new(engine, datapath => new DelegateHandler
        {
            Datagram = (datagram, path) =>
            {
                Thread.Sleep(Work);
                sinceTick++;
                served++;
                datapath.Reserve()[0] = datagram[0];
                datapath.Commit(1, path);
            },
            Tick = _ =>
            {
                runs.Add(sinceTick);
                sinceTick = 0;
                if (served == Count)
                    done.Set();
                return MonotonicTime.Never;
            },
        });
        using Socket client = worker.Connect();
        for (int i = 0; i < Count; i++)
            client.Send([(byte)i]);

        worker.Start();

        Assert.True(done.Wait(RunningWorker.Limit));
        Assert.True(worker.Stop(RunningWorker.Limit));
        Assert.Equal(Count, runs.Sum());
        Assert.InRange(runs.Max(), 1, MostAtOnce);
        Assert.Equal(Count, worker.Datapath.Statistics.DatagramsSent);
        Assert.InRange(worker.Datapath.Statistics.Turns, 1, runs.Count);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Worker_that_is_behind_says_how_busy_it_is_and_how_long_datagrams_wait(DatapathEngine engine)
    {
        const int Count = 128;
        using ManualResetEventSlim done = new();
        ConcurrentQueue<WorkerLoad> loads = [];
        int served = 0;
        using RunningWorker worker = new(engine, datapath => new DelegateHandler
        {
            Datagram = (_, _) => Thread.Sleep(Work),
            Tick = _ => MonotonicTime.Never,
            Load = load =>
            {
                loads.Enqueue(load);
                if (++served == 4)
                    done.Set();
            },
        });
        using Socket client = worker.Connect();
        if (engine == DatapathEngine.Mmsg)
            AwaitArrivalStamps(worker.Datapath, client);
        for (int i = 0; i < Count; i++)
            client.Send([1]);

        worker.Start();

        Assert.True(done.Wait(RunningWorker.Limit));
        Assert.True(worker.Stop(RunningWorker.Limit));
        Assert.True(loads.Max(load => load.Busy) > 0.9, string.Join('\n', loads));
        Assert.All(loads, load => Assert.InRange(load.Busy, 0, 1));
        // Its work is to sleep, which takes the thread's time and hardly any of the processor's.
        if (OperatingSystem.IsLinux())
            Assert.True(loads.Min(load => load.Cpu) < 0.5, string.Join('\n', loads));
        Assert.Equal(worker.Datapath.Statistics.Load, loads.Last().Busy);
        if (engine == DatapathEngine.Mmsg)
        {
            // All came before the first was served, and three tenths of a second have passed since then.
            TimeSpan[] delays = [.. loads.Select(load => load.Delay!.Value)];
            Assert.Equal(delays.Order(), delays);
            Assert.InRange(delays[3].TotalMilliseconds, 250, RunningWorker.Limit.TotalMilliseconds);
            Assert.Equal(delays[^1], worker.Datapath.Statistics.Delay);
            Assert.Contains(Enumerable.Range(0, WaitCounts.Bounds.Count), index => WaitCounts.Bounds[index] > 0.25
                && worker.Datapath.Statistics.Waits[index] > 0);
        }
        else
        {
            Assert.All(loads, load => Assert.Null(load.Delay));
            Assert.All(Enumerable.Range(0, WaitCounts.Length), index => Assert.Equal(0, worker.Datapath.Statistics.Waits[index]));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Worker_that_computes_says_that_it_has_the_processor(DatapathEngine engine)
    {
        using BlockingCollection<WorkerLoad> loads = [];
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Tick = now =>
            {
                Thread.SpinWait(10_000);
                return now;
            },
            Load = loads.Add,
        }).Start();

        // As much as a machine with other things to do lets it have.
        for (int i = 0; i < 50; i++)
        {
            Assert.True(loads.TryTake(out WorkerLoad load, RunningWorker.Limit));
            if (load.Cpu > 0.3)
                return;
        }
        Assert.Fail("It never had the processor.");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Worker_whose_code_is_being_compiled_says_so(DatapathEngine engine)
    {
        using BlockingCollection<WorkerLoad> loads = [];
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Tick = now =>
            {
                // Each is a method of its own.
                Expression.Lambda<Func<int>>(Expression.Constant(1)).Compile()();
                return now;
            },
            Load = loads.Add,
        }).Start();

        for (int i = 0; i < 50; i++)
        {
            Assert.True(loads.TryTake(out WorkerLoad load, RunningWorker.Limit));
            Assert.InRange(load.Compiling, 0, load.Busy);
            if (load.Compiling > 0.05)
                return;
        }
        Assert.Fail("It never said that code was compiled.");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Worker_that_has_little_to_do_says_so(DatapathEngine engine)
    {
        using BlockingCollection<WorkerLoad> loads = [];
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Tick = now => now + TimeSpan.FromMilliseconds(30),
            Load = loads.Add,
        }).Start();

        // A machine with other things to do may have kept the thread waiting once or twice.
        for (int i = 0; i < 20; i++)
        {
            Assert.True(loads.TryTake(out WorkerLoad load, RunningWorker.Limit));
            Assert.Equal(TimeSpan.Zero, load.Delay);
            if (load.Busy < 0.5)
                return;
        }
        Assert.Fail("It was busy all the time.");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void What_found_no_room_in_the_receive_buffer_is_told_once(DatapathEngine engine)
    {
        using BlockingCollection<WorkerLoad> loads = [];
        using RunningWorker worker = new(
            engine,
            _ => new DelegateHandler { Tick = now => now + TimeSpan.FromMilliseconds(10), Load = loads.Add },
            receiveBufferBytes: 8_192);
        using Socket client = worker.Connect();
        for (int i = 0; i < 100; i++)
            client.Send(new byte[1_200]);

        worker.Start();

        Assert.True(loads.TryTake(out WorkerLoad first, RunningWorker.Limit));
        Assert.True(loads.TryTake(out WorkerLoad second, RunningWorker.Limit));
        Assert.InRange(first.Lost, 50, 99);
        Assert.Equal(0, second.Lost);
        Assert.Equal(first.Lost, worker.Datapath.Statistics.DatagramsLost);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Exception_over_the_load_is_reported_and_the_worker_goes_on(DatapathEngine engine)
    {
        using ManualResetEventSlim again = new();
        int told = 0;
        using RunningWorker worker = new RunningWorker(engine, _ => new DelegateHandler
        {
            Tick = now => now + TimeSpan.FromMilliseconds(10),
            Load = _ =>
            {
                if (++told == 1)
                    throw new InvalidOperationException("bug");
                again.Set();
            },
        }).Start();

        Assert.True(again.Wait(RunningWorker.Limit));
        Assert.Equal("bug", worker.Faults.Take().Message);
    }

    /// <summary>
    /// Waits until the kernel stamps datagrams as they arrive. It begins to do so a moment after the first socket of the machine has asked
    /// for it; until then a datagram is stamped when it is read, and seems not to have waited.
    /// </summary>
    private static void AwaitArrivalStamps(UdpDatapath datapath, Socket client)
    {
        var waited = Stopwatch.StartNew();
        do
        {
            Assert.True(waited.Elapsed < RunningWorker.Limit);
            client.Send([0]);
            Thread.Sleep(Work);
            datapath.Wait(RunningWorker.Limit);
            Assert.NotEqual(0, datapath.Receive().Count);
        }
        while (datapath.AgeOf(0) < Work / 2);
    }
}
