using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Datapath;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Workers;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Datapath.Udp;

/// <summary>A worker on loopback sockets whose handler is the test's; ends without a fault unless the test takes it.</summary>
internal sealed class RunningWorker : IDisposable
{
    /// <summary>Long enough for a loaded machine: no test waits this long unless it fails.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly WorkerThread _thread;

    public RunningWorker(
        DatapathEngine engine,
        Func<UdpDatapath, IDatapathHandler> handler,
        string[]? addresses = null,
        IDatagramFaults? faults = null,
        DropCounters? drops = null,
        int receiveBufferBytes = 4 << 20,
        int? processor = null)
    {
        UdpEndpointOptions options = new()
        {
            Addresses = [.. (addresses ?? ["127.0.0.1"]).Select(IPAddress.Parse)],
            Engine = engine,
            ReceiveBufferBytes = receiveBufferBytes,
        };
        Datapath = UdpDatapath.Open(options, drops ?? new DropCounters(), faults);
        _thread = new WorkerThread(0, Datapath, handler(Datapath), new MonotonicClock(), Faults.Add, processor);
    }

    public static TheoryData<DatapathEngine> Engines { get; } =
        MmsgEngine.IsSupported ? [DatapathEngine.Mmsg, DatapathEngine.Portable] : [DatapathEngine.Portable];

    public UdpDatapath Datapath { get; }

    public BlockingCollection<Exception> Faults { get; } = [];

    public bool IsRunning => _thread.IsRunning;

    public RunningWorker Start()
    {
        _thread.Start();
        return this;
    }

    public bool Stop(TimeSpan limit) => _thread.Stop(limit);

    /// <summary>A socket connected to one of the worker's addresses: it hears only answers from exactly there.</summary>
    public Socket Connect(int local = 0)
    {
        TransportAddress address = Datapath.LocalAddresses[local];
        IPAddress host = address.ToIPAddress();
        Socket client = new(host.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveTimeout = (int)Limit.TotalMilliseconds,
            ReceiveBufferSize = 4 << 20,
        };
        client.Bind(new IPEndPoint(host, 0));
        client.Connect(host, address.Port);
        return client;
    }

    public void Dispose()
    {
        Assert.True(_thread.Stop(Limit));
        Datapath.Dispose();
        Assert.Empty(Faults);
        Faults.Dispose();
    }
}
