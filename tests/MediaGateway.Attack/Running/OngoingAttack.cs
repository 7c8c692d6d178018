using System.Diagnostics;
using System.Net;
using MediaGateway.Attack.Calls;

namespace MediaGateway.Attack.Running;

/// <summary>An attack that goes on: its target, its time, what it has sent and found. Any thread may use it.</summary>
internal sealed class OngoingAttack(Site site, TimeSpan duration)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    /// <summary>Time beyond its own that an attack has to bring about what it has to, on a machine that is slow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static int _addresses;

    private readonly List<string> _faults = [];
    private long _start;
    private long _bytesIn;
    private long _bytesOut;
    private long _number;

    public Site Site => site;

    /// <summary>True when its time is over, which begins when this is first asked: a slow machine may take longer to get in.</summary>
    public bool IsOver => Elapsed >= duration;

    public TimeSpan Duration => duration;

    /// <summary>The load in words, with its numbers.</summary>
    public string Load { get; set; } = "";

    /// <summary>Bytes sent to the gateway's media port from addresses that have proven nothing.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Bytes that the gateway sent to these.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Packets, requests or connections so far.</summary>
    public long Number => Interlocked.Read(ref _number);

    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
                return [.. _faults];
        }
    }

    private TimeSpan Elapsed
    {
        get
        {
            Interlocked.CompareExchange(ref _start, Stopwatch.GetTimestamp(), 0);
            return Stopwatch.GetElapsedTime(Interlocked.Read(ref _start));
        }
    }

    /// <summary>An address of the loopback network that nobody else has: the gateway has budgets for each.</summary>
    public static IPAddress NextAddress()
    {
        int number = Interlocked.Increment(ref _addresses);
        return new IPAddress([127, 1, (byte)(number >> 8), (byte)number]);
    }

    /// <summary>Tells whether the attack goes on: for its time, and beyond it until what has to happen has happened.</summary>
    public bool GoesOn(bool hasHappened) => !IsOver || (!hasHappened && Elapsed < duration + Patience);

    public void CountIn(int bytes) => Interlocked.Add(ref _bytesIn, bytes);

    public void CountOut(int bytes) => Interlocked.Add(ref _bytesOut, bytes);

    public void Count(int number = 1) => Interlocked.Add(ref _number, number);

    /// <summary>Notes what is not as it has to be; a drill without faults has passed.</summary>
    public void Require(bool isRight, string fault)
    {
        if (isRight)
            return;
        lock (_faults)
        {
            if (!_faults.Contains(fault))
                _faults.Add(fault);
        }
    }

    /// <summary>Does something so many times a second until the attack is over, on a thread of its own.</summary>
    public Task RepeatAsync(double perSecond, Action<int> act) => Task.Factory.StartNew(
        () =>
        {
            int done = 0;
            while (!IsOver)
            {
                int due = (int)(Elapsed.TotalSeconds * perSecond);
                for (; done < due; done++)
                    act(done);
                Thread.Sleep(Step);
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
