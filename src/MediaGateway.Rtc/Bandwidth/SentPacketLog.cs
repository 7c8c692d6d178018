using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The numbered packets that were sent, in a ring by number, until their fate is known. It grows while feedback is awaited for more
/// packets than it holds, and takes no memory before the first packet and after a pause.
/// <para><b>Invariant: <see cref="BytesInFlight"/> is the sum over the packets in the ring that are in flight.</b></para>
/// </summary>
internal sealed class SentPacketLog
{
    private const int FirstCapacity = 16;

    /// <summary>Half the numbers there are: older ones could not be told from new ones.</summary>
    private const int MaxCapacity = 1 << 15;

    /// <summary>Time for which feedback is waited for while the round trip is unknown or short.</summary>
    private static readonly TimeSpan LeastHistory = TimeSpan.FromSeconds(2);

    /// <summary>Longest time for which feedback is waited for.</summary>
    private static readonly TimeSpan LongestHistory = TimeSpan.FromSeconds(10);

    /// <summary>Time from sending for which a lost packet may turn out to have been late, and a lost report too.</summary>
    private static readonly TimeSpan LostHistory = TimeSpan.FromSeconds(1);

    /// <summary>Time without a packet after which the ring is given back.</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(10);

    /// <summary>Count of the first packet: one wrap up, so that a number before it stays positive.</summary>
    public const long FirstCount = 0x10000;

    private SentPacket[] _packets = [];
    private long _next = FirstCount;
    private long _first = FirstCount;

    /// <summary>Count of the next packet; its lower 16 bits are the number on the wire.</summary>
    public long Next => _next;

    /// <summary>Count of the oldest packet that is known.</summary>
    public long First => _first;

    public long BytesInFlight { get; private set; }

    /// <summary>Time of the last packet; zero before the first.</summary>
    public MonotonicTime LastSent { get; private set; }

    /// <summary>Number of packets whose place was needed, or that were given up, before anything was told of them.</summary>
    public long Unacknowledged { get; private set; }

    /// <summary>Number of packets that fit without growing.</summary>
    public int Capacity => _packets.Length;

    /// <summary>Time from sending for which feedback about a packet is waited for.</summary>
    public TimeSpan History { get; private set; } = LeastHistory;

    /// <summary>A packet that is known: its count is at least <see cref="First"/> and below <see cref="Next"/>.</summary>
    public ref SentPacket this[long count] => ref _packets[count & (_packets.Length - 1)];

    /// <summary>Adds the next packet.</summary>
    public void Add(int bytes, byte probe, MonotonicTime now)
    {
        if (_next - _first == _packets.Length)
            MakeRoom(now);
        _packets[_next & (_packets.Length - 1)] = new SentPacket(now, bytes, probe);
        _next++;
        BytesInFlight += bytes;
        LastSent = now;
    }

    /// <summary>Settles what has become of a packet that is known.</summary>
    public void Settle(ref SentPacket packet, PacketFate fate)
    {
        if (packet.Fate == PacketFate.InFlight)
            BytesInFlight -= packet.Bytes;
        packet.Fate = fate;
    }

    /// <summary>Two round trips and a second: feedback that comes later than that tells of a path that no longer is.</summary>
    public void SetRoundTrip(TimeSpan roundTrip)
    {
        TimeSpan history = roundTrip * 2 + TimeSpan.FromSeconds(1);
        History = history < LeastHistory ? LeastHistory : history > LongestHistory ? LongestHistory : history;
    }

    /// <summary>Forgets the oldest packets, as far as nothing more is to be learned about them.</summary>
    public void Trim(MonotonicTime now)
    {
        while (_first < _next && IsOver(this[_first], now))
            RemoveFirst();
    }

    /// <summary>Gives the memory back when nothing has been sent for a while.</summary>
    public void ReleaseIfIdle(MonotonicTime now)
    {
        if (_packets.Length == 0 || now - LastSent < IdleAfter)
            return;
        while (_first < _next)
            RemoveFirst();
        _packets = [];
    }

    private bool IsOver(in SentPacket packet, MonotonicTime now) => packet.Fate switch
    {
        PacketFate.Received or PacketFate.Repeated => true,
        PacketFate.Lost or PacketFate.Unknown => now - packet.Sent > LostHistory,
        _ => now - packet.Sent > History,
    };

    private void MakeRoom(MonotonicTime now)
    {
        if (_packets.Length > 0)
            Trim(now);
        if (_next - _first < _packets.Length)
            return;
        if (_packets.Length == MaxCapacity)
            RemoveFirst();
        else
            Grow();
    }

    private void RemoveFirst()
    {
        ref SentPacket packet = ref this[_first];
        if (packet.Fate == PacketFate.InFlight)
            Unacknowledged++;
        Settle(ref packet, PacketFate.Unknown);
        _first++;
    }

    private void Grow()
    {
        SentPacket[] before = _packets;
        _packets = new SentPacket[before.Length == 0 ? FirstCapacity : before.Length * 2];
        for (long count = _first; count < _next; count++)
            this[count] = before[count & (before.Length - 1)];
    }
}
