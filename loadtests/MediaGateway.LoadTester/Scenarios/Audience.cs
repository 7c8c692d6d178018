using System.Diagnostics;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Targets;

namespace MediaGateway.LoadTester.Scenarios;

/// <summary>A run's viewers: they come, are counted, and go. Ownership: those who have come, until they leave.</summary>
internal sealed class Audience(ILoadTarget target, Scenario scenario, IReadOnlyList<ClientLoop> loops)
{
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);

    private readonly ViewerMeasures[] _measures = [.. loops.Select(_ => new ViewerMeasures())];
    private readonly List<Member> _members = [];
    private readonly List<double> _joinTimes = [];
    private readonly Random _random = new(1);
    private ReceptionTotals _departed;
    private long _departedPackets;
    private int _created;

    public int Count => _members.Count;

    /// <summary>Milliseconds from a viewer's offer to its first key frame, of all who have come.</summary>
    public IReadOnlyList<double> JoinTimes => _joinTimes;

    /// <summary>Lets viewers in at a rate, and waits until all play.</summary>
    /// <param name="count">How many.</param>
    /// <param name="perSecond">How fast; infinity for as fast as they can.</param>
    /// <param name="report">Told how many play.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">A viewer does not play within a minute.</exception>
    public async Task JoinAsync(int count, double perSecond, Action<int> report, CancellationToken cancellation)
    {
        using var room = new SemaphoreSlim(scenario.JoinsAtOnce);
        var joins = new List<Task>();
        long start = Stopwatch.GetTimestamp();
        int playing = 0;
        for (int i = 0; i < count; i++)
        {
            TimeSpan due = TimeSpan.FromSeconds(double.IsInfinity(perSecond) ? 0 : i / perSecond) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.FromMilliseconds(1))
                await Task.Delay(due, cancellation);
            await room.WaitAsync(cancellation);
            joins.Add(JoinOneAsync(room, () => report(Interlocked.Increment(ref playing)), cancellation));
        }
        await Task.WhenAll(joins);
    }

    /// <summary>Has the viewer who has been there longest leave.</summary>
    public async Task LeaveAsync()
    {
        Member member;
        lock (_members)
        {
            member = _members[0];
            _members.RemoveAt(0);
        }
        await member.Loop.InvokeAsync(now =>
        {
            lock (_members)
            {
                _departed += ReceptionTotals.Of(member.Viewer.Receptions);
                _departedPackets += member.Viewer.PacketsReceived;
            }
            member.Viewer.Detach(now);
        });
    }

    /// <summary>Has anybody ask for another layer of anything.</summary>
    public Task ChangeLayerAsync()
    {
        IViewer viewer;
        lock (_members)
            viewer = _members[_random.Next(_members.Count)].Viewer;
        return viewer is ILayerChooser chooser ? chooser.ChangeLayerAsync(_random) : Task.CompletedTask;
    }

    /// <summary>The totals of all viewers up to now, those who have left included.</summary>
    public async Task<(ReceptionTotals Checked, long Packets, long Foreign, int Ended)> CountAsync()
    {
        (ReceptionTotals Checked, long Packets, long Foreign, int Ended) total = (_departed, _departedPackets, 0, 0);
        for (int i = 0; i < loops.Count; i++)
        {
            ClientLoop loop = loops[i];
            ViewerMeasures measures = _measures[i];
            Member[] members = Snapshot(loop);
            (ReceptionTotals part, long packets, long foreign, int ended) = await loop.InvokeAsync(_ => (
                ReceptionTotals.Of(members.SelectMany(member => member.Viewer.Receptions)),
                members.Sum(member => member.Viewer.PacketsReceived),
                measures.Foreign,
                members.Count(member => member.Viewer.IsClosed)));
            total = (total.Checked + part, total.Packets + packets, total.Foreign + foreign, total.Ended + ended);
        }
        return total;
    }

    /// <summary>The receptions, by track, of each viewer who is here and checks.</summary>
    public async Task<IReadOnlyDictionary<(int Viewer, int Track), ReceptionTotals>> ReadEachAsync()
    {
        var all = new Dictionary<(int, int), ReceptionTotals>();
        foreach (ClientLoop loop in loops)
        {
            Member[] members = Snapshot(loop);
            await loop.InvokeAsync(_ =>
            {
                foreach (Member member in members.Where(IsChecking))
                {
                    foreach (Reception reception in member.Viewer.Receptions)
                        all.Add((member.Number, reception.Track), ReceptionTotals.Of([reception]));
                }
            });
        }
        return all;
    }

    /// <summary>The latencies of all, from now on.</summary>
    public async Task ClearLatencyAsync()
    {
        for (int i = 0; i < loops.Count; i++)
        {
            ViewerMeasures measures = _measures[i];
            await loops[i].InvokeAsync(_ => measures.Latency.Clear());
        }
    }

    public async Task<Latency> ReadLatencyAsync()
    {
        var all = new Latency();
        for (int i = 0; i < loops.Count; i++)
        {
            ViewerMeasures measures = _measures[i];
            await loops[i].InvokeAsync(_ => all.AddAll(measures.Latency));
        }
        return all;
    }

    public async Task DisperseAsync()
    {
        foreach (ClientLoop loop in loops)
        {
            Member[] members = Snapshot(loop);
            await loop.InvokeAsync(now =>
            {
                foreach (Member member in members)
                    member.Viewer.Detach(now);
            });
        }
    }

    private async Task JoinOneAsync(SemaphoreSlim room, Action onPlaying, CancellationToken cancellation)
    {
        try
        {
            int number = Interlocked.Increment(ref _created) - 1;
            int loop = number % loops.Count;
            IViewer viewer =
                await target.JoinAsync(scenario.AttendanceOf(number), _measures[loop], number % scenario.CheckOneIn != 0, cancellation);
            await loops[loop].InvokeAsync(now => viewer.Attach(loops[loop], now));
            lock (_members)
                _members.Add(new Member(number, viewer, loops[loop]));
            TimeSpan time = await WaitUntilPlayingAsync(viewer, number, cancellation);
            lock (_members)
                _joinTimes.Add(time.TotalMilliseconds);
            onPlaying();
        }
        finally
        {
            room.Release();
        }
    }

    private static async Task<TimeSpan> WaitUntilPlayingAsync(IViewer viewer, int number, CancellationToken cancellation)
    {
        try
        {
            return await viewer.Playing.WaitAsync(JoinLimit, cancellation);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Viewer {number + 1} got no key frame within {JoinLimit.TotalSeconds:F0} s"
                + $"{(viewer.IsClosed ? ": its connection was closed, " + (viewer as LoadPeer)?.CloseReason : "")}.");
        }
    }

    private bool IsChecking(Member member) => member.Number % scenario.CheckOneIn == 0;

    private Member[] Snapshot(ClientLoop loop)
    {
        lock (_members)
            return [.. _members.Where(member => member.Loop == loop)];
    }

    private sealed record Member(int Number, IViewer Viewer, ClientLoop Loop);
}
