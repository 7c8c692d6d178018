namespace MediaGateway.Testing.Links;

/// <summary>Whoever sends through a <see cref="SimulatedLink"/>, and the books of it: bytes that left, waiting times, drops.</summary>
public sealed class LinkFlow
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly SimulatedLink _link;
    private readonly List<long> _bytes = [];
    private readonly List<(TimeSpan Time, double Milliseconds)> _delays = [];

    internal LinkFlow(SimulatedLink link, string name)
    {
        _link = link;
        Name = name;
    }

    public string Name { get; }

    public long BytesSent { get; private set; }

    public long PacketsSent { get; private set; }

    /// <summary>Packets that found no room, or that CoDel took out.</summary>
    public long PacketsDropped { get; private set; }

    /// <summary>Sends a packet of so many bytes on the wire.</summary>
    /// <param name="bytes">Its size, IP header included.</param>
    /// <param name="leave">What happens once its last bit has left the bottleneck; nothing does when it is dropped.</param>
    public void Send(int bytes, Action leave) => _link.Send(this, bytes, leave);

    /// <summary>Mean rate between two times since the link began, to the tenth of a second; Mb/s.</summary>
    public double Megabits(TimeSpan from, TimeSpan to)
    {
        int first = (int)(from / Step), last = Math.Min((int)(to / Step), _bytes.Count);
        long bytes = 0;
        for (int i = first; i < last; i++)
            bytes += _bytes[i];
        return bytes * 8 / 1e6 / (to - from).TotalSeconds;
    }

    /// <summary>Time that packets waited before their first bit left, of those that did so between two times; ms.</summary>
    public IEnumerable<double> QueueDelays(TimeSpan from, TimeSpan to) =>
        _delays.Where(delay => delay.Time >= from && delay.Time < to).Select(delay => delay.Milliseconds);

    internal void OnDequeued(TimeSpan waited) => _delays.Add((_link.Elapsed, waited.TotalMilliseconds));

    internal void OnDropped() => PacketsDropped++;

    internal void OnSent(int bytes)
    {
        BytesSent += bytes;
        PacketsSent++;
        int step = (int)(_link.Elapsed / Step);
        while (_bytes.Count <= step)
            _bytes.Add(0);
        _bytes[step] += bytes;
    }
}
