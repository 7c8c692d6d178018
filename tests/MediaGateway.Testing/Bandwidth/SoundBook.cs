using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>The sound that a viewer hears: what of it was lost, what came late, and how long each packet took.</summary>
public sealed class SoundBook
{
    /// <summary>Time behind the fastest packet from which on one is late: a browser plays something else meanwhile.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly SortedDictionary<int, (MonotonicTime SentAt, MonotonicTime Arrival)> _packets = [];

    public int Received => _packets.Count;

    /// <summary>Packets between the first and the last received that never came.</summary>
    public int Lost => _packets.Count == 0 ? 0 : _packets.Keys.Last() - _packets.Keys.First() + 1 - _packets.Count;

    /// <summary>Received packets that came <see cref="Patience"/> or more behind the fastest.</summary>
    public int Late => QueueDelays(MonotonicTime.Zero, MonotonicTime.Never).Count(delay => delay >= Patience.TotalMilliseconds);

    /// <summary>Longest time without a packet.</summary>
    public TimeSpan LongestGap
    {
        get
        {
            MonotonicTime[] arrivals = [.. _packets.Values.Select(packet => packet.Arrival).Order()];
            return arrivals.Zip(arrivals.Skip(1)).Select(pair => pair.Second - pair.First).DefaultIfEmpty().Max();
        }
    }

    public void OnPacket(int number, MonotonicTime sentAt, MonotonicTime now) => _packets.TryAdd(number, (sentAt, now));

    /// <summary>One-way times beyond that of the fastest packet, of packets sent between two times; ms.</summary>
    public IEnumerable<double> QueueDelays(MonotonicTime from, MonotonicTime to)
    {
        if (_packets.Count == 0)
            return [];
        TimeSpan least = _packets.Values.Min(packet => packet.Arrival - packet.SentAt);
        return _packets.Values
            .Where(packet => packet.SentAt >= from && packet.SentAt < to)
            .Select(packet => (packet.Arrival - packet.SentAt - least).TotalMilliseconds);
    }
}
