using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Sctp;

/// <summary>Two associations over a link in virtual time. The same seed gives the same run.</summary>
public sealed class SctpLink
{
    private readonly Random _random;
    private readonly PriorityQueue<(SctpPeer To, byte[] Packet), (long Ticks, long Order)> _packets = new();
    private long _order;

    public SctpLink(int seed, LinkConditions? conditions = null, Func<SctpOptions, SctpOptions>? options = null)
        : this(seed, conditions, options, options)
    {
    }

    public SctpLink(int seed, LinkConditions? conditions, Func<SctpOptions, SctpOptions>? clientOptions,
        Func<SctpOptions, SctpOptions>? serverOptions)
    {
        _random = new Random(seed);
        Conditions = conditions ?? LinkConditions.Perfect;
        var client = new SctpOptions { IsDtlsClient = true, RemoteMaxMessageSize = 262_144 };
        var server = new SctpOptions { IsDtlsClient = false, RemoteMaxMessageSize = 262_144 };
        Client = new SctpPeer(clientOptions?.Invoke(client) ?? client, seed * 2, packet => Carry(Server!, packet));
        Server = new SctpPeer(serverOptions?.Invoke(server) ?? server, seed * 2 + 1, packet => Carry(Client, packet));
    }

    public SctpPeer Client { get; }

    public SctpPeer Server { get; }

    public LinkConditions Conditions { get; set; }

    /// <summary>Packets of which this is true are lost; the receiver is given.</summary>
    public Func<SctpPeer, byte[], bool>? Loses { get; set; }

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1_000_000);

    /// <summary>Starts both sides, and runs until both are up.</summary>
    public SctpLink Connect()
    {
        Client.Association.Start(Now);
        Server.Association.Start(Now);
        if (!RunUntil(() => Client.Association.IsUp && Server.Association.IsUp, TimeSpan.FromSeconds(60)))
            throw new InvalidOperationException("The association does not come up.");
        return this;
    }

    /// <summary>Runs until the condition holds; false when it did not within <paramref name="limit"/>.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        MonotonicTime end = Now + limit;
        while (!condition())
        {
            if (!Step(end))
                return condition();
        }
        return true;
    }

    public void Run(TimeSpan duration)
    {
        MonotonicTime end = Now + duration;
        while (Step(end))
        {
        }
        Now = end;
    }

    /// <summary>The next packet or timer up to <paramref name="end"/>; false when there is none.</summary>
    private bool Step(MonotonicTime end)
    {
        MonotonicTime arrival = _packets.TryPeek(out _, out (long Ticks, long Order) priority) ? new MonotonicTime(priority.Ticks)
            : MonotonicTime.Never;
        MonotonicTime timer = MonotonicTime.Min(Client.Association.NextDeadline, Server.Association.NextDeadline);
        MonotonicTime next = MonotonicTime.Min(arrival, timer);
        if (next > end)
            return false;
        if (next > Now)
            Now = next;
        if (arrival <= timer)
        {
            (SctpPeer to, byte[] packet) = _packets.Dequeue();
            to.Association.OnPacket(packet, Now);
            return true;
        }
        foreach (SctpPeer peer in (ReadOnlySpan<SctpPeer>)[Client, Server])
        {
            if (peer.Association.NextDeadline <= Now)
                peer.Association.OnTimeout(Now);
            if (peer.Association.NextDeadline <= Now)
                throw new InvalidOperationException("A timer asks to run again at once.");
        }
        return true;
    }

    private void Carry(SctpPeer to, ReadOnlySpan<byte> packet)
    {
        byte[] copy = packet.ToArray();
        if (_random.NextDouble() < Conditions.Loss || Loses?.Invoke(to, copy) == true)
            return;
        int copies = _random.NextDouble() < Conditions.Duplication ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            TimeSpan delay = Conditions.Delay + Conditions.Jitter * _random.NextDouble();
            _packets.Enqueue((to, copy), ((Now + delay).Ticks, _order++));
        }
    }
}
