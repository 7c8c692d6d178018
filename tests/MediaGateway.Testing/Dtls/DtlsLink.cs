using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Dtls;

/// <summary>A DTLS server and a client joined by a simulated path, in virtual time. All chance comes from the seed.</summary>
public sealed class DtlsLink : IDisposable
{
    private readonly PriorityQueue<(DtlsPeer To, byte[] Datagram), (long Ticks, int Order)> _inFlight = new();
    private readonly Random _random;
    private readonly DtlsLinkFaults _faults;
    private int _order;

    public DtlsLink(
        IDtlsContext serverContext, IDtlsContext clientContext, DtlsOptions? serverOptions = null, DtlsOptions? clientOptions = null,
        DtlsLinkFaults? faults = null, int seed = 0)
    {
        _random = new Random(seed);
        _faults = faults ?? new DtlsLinkFaults();
        Server = new DtlsPeer(serverContext, DtlsRole.Server, serverOptions);
        Client = new DtlsPeer(clientContext, DtlsRole.Client, clientOptions);
        Server.OnSend = datagram => Carry(Client, datagram);
        Client.OnSend = datagram => Carry(Server, datagram);
    }

    public DtlsPeer Server { get; }

    public DtlsPeer Client { get; }

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1_000_000);

    public bool BothConnected => Server.Endpoint.State == DtlsState.Connected && Client.Endpoint.State == DtlsState.Connected;

    /// <summary>A link over a perfect path on which both sides are connected and nothing is in flight.</summary>
    /// <exception cref="InvalidOperationException">They did not connect.</exception>
    public static DtlsLink Connected(
        IDtlsContext serverContext, IDtlsContext clientContext, DtlsOptions? serverOptions = null, DtlsOptions? clientOptions = null)
    {
        var link = new DtlsLink(serverContext, clientContext, serverOptions, clientOptions);
        link.Start();
        if (!link.RunUntil(() => link.BothConnected, TimeSpan.FromSeconds(5)))
            throw new InvalidOperationException("The two endpoints did not connect.");
        link.Run(TimeSpan.FromSeconds(1));
        return link;
    }

    public void Start()
    {
        Server.Endpoint.Start(Now);
        Client.Endpoint.Start(Now);
    }

    /// <summary>Moves time on for <paramref name="duration"/>.</summary>
    public void Run(TimeSpan duration) => RunUntil(() => false, duration);

    /// <summary>Moves time on until the condition holds, at most for <paramref name="limit"/>; returns whether it does.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(condition);
        MonotonicTime end = Now + limit;
        while (!condition())
        {
            MonotonicTime next = NextEvent();
            if (next > end)
            {
                Now = end;
                return condition();
            }
            Now = next > Now ? next : Now;
            Step();
        }
        return true;
    }

    /// <summary>True when a message of application data arrives each way within a second.</summary>
    public bool CarriesApplicationData()
    {
        int atServer = Server.Received.Count, atClient = Client.Received.Count;
        return Client.Endpoint.TrySend("from client"u8, Now)
            && Server.Endpoint.TrySend("from server"u8, Now)
            && RunUntil(() => Server.Received.Count > atServer && Client.Received.Count > atClient, TimeSpan.FromSeconds(1))
            && Server.Received[^1].AsSpan().SequenceEqual("from client"u8)
            && Client.Received[^1].AsSpan().SequenceEqual("from server"u8);
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
    }

    private void Carry(DtlsPeer to, byte[] datagram)
    {
        if (_random.NextDouble() < _faults.Loss)
            return;
        int copies = _random.NextDouble() < _faults.Duplication ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            long delay = _random.NextInt64(_faults.MinDelay.Ticks, _faults.MaxDelay.Ticks + 1);
            _inFlight.Enqueue((to, datagram), (Now.Ticks + delay, _order++));
        }
    }

    private MonotonicTime NextEvent()
    {
        MonotonicTime timeout = MonotonicTime.Min(Server.Endpoint.NextTimeout, Client.Endpoint.NextTimeout);
        return _inFlight.TryPeek(out _, out (long Ticks, int Order) at) ? MonotonicTime.Min(new MonotonicTime(at.Ticks), timeout) : timeout;
    }

    private void Step()
    {
        while (_inFlight.TryPeek(out _, out (long Ticks, int Order) at) && at.Ticks <= Now.Ticks)
        {
            (DtlsPeer to, byte[] datagram) = _inFlight.Dequeue();
            to.Endpoint.OnDatagram(datagram, Now);
        }
        if (Server.Endpoint.NextTimeout <= Now)
            Server.Endpoint.OnTimeout(Now);
        if (Client.Endpoint.NextTimeout <= Now)
            Client.Endpoint.OnTimeout(Now);
    }
}
