using System.Net.Sockets;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>
/// Moves batches between memory and the kernel. Used by the worker's thread, except <see cref="Wake"/>.
/// </summary>
internal abstract class UdpEngine(
    SocketBinding binding, DatagramBatch incoming, DatagramBatch outgoing, DropCounters drops) : IDisposable
{
    /// <summary>
    /// Time for which a full send buffer may hold up the worker. It drains by 100 datagrams in this time at 1 Gbit/s; if even
    /// that leaves no room the network is behind, and late datagrams are dropped so that nobody else's media is delayed.
    /// </summary>
    protected static readonly TimeSpan SendPatience = TimeSpan.FromMilliseconds(1);

    private int _firstSocket;
    private int _wakePending;

    public DatapathStatistics Statistics { get; } = new();

    protected DropCounters Drops { get; } = drops;

    protected Socket[] Sockets { get; } = binding.Sockets;

    /// <summary>The endpoint of each socket.</summary>
    protected EndpointId[] Endpoints { get; } = [.. binding.Endpoints.All.Select(endpoint => endpoint.Id)];

    protected DatagramBatch Incoming { get; } = incoming;

    protected DatagramBatch Outgoing { get; } = outgoing;

    /// <summary>Sleeps until a datagram can be read, <see cref="Wake"/> or the timeout. May return early.</summary>
    public abstract void Wait(TimeSpan timeout);

    /// <summary>
    /// Fills the incoming batch from the sockets that <see cref="Wait"/> found readable, beginning with another one
    /// each time, so that none starves behind a busy one.
    /// </summary>
    public void Receive()
    {
        Incoming.Clear();
        for (int i = 0; i < Sockets.Length && !Incoming.IsFull; i++)
            ReceiveFrom((_firstSocket + i) % Sockets.Length);
        _firstSocket = (_firstSocket + 1) % Sockets.Length;
    }

    /// <summary>Time since a datagram of the incoming batch came; null where that is not known.</summary>
    public virtual TimeSpan? AgeOf(int index) => null;

    /// <summary>Sends the outgoing batch, socket by socket. Datagrams that cannot leave are dropped and counted.</summary>
    public void Send()
    {
        for (int socket = 0; socket < Sockets.Length; socket++)
            SendFrom(socket);
        Outgoing.Clear();
    }

    /// <summary>
    /// Ends the worker's sleep. Safe from any thread, also after the end; only the first call since the last wake-up makes a system
    /// call.
    /// </summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
            SignalWake();
    }

    public virtual void Dispose()
    {
        foreach (Socket socket in Sockets)
            socket.Dispose();
    }

    protected abstract void ReceiveFrom(int index);

    protected abstract void SendFrom(int index);

    protected abstract void SignalWake();

    protected abstract void DrainWake();

    /// <summary>
    /// Takes the wake-up signal. Signal first, flag second: whoever finds the flag still set has put its work where
    /// the worker is about to look.
    /// </summary>
    protected void TakeWake()
    {
        DrainWake();
        Interlocked.Exchange(ref _wakePending, 0);
    }
}
