using System.Net;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Workers;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LatencyBench;

/// <summary>A worker whose handler does nothing but answer: what the datapath itself costs.</summary>
internal sealed class DatapathTarget : ILatencyTarget
{
    private readonly UdpDatapath _datapath;
    private readonly WorkerThread _thread;
    private readonly EchoClient _client;

    public DatapathTarget(DatapathEngine engine)
    {
        _datapath = UdpDatapath.Open(
            new UdpEndpointOptions { Addresses = [IPAddress.Loopback], Engine = engine }, new DropCounters());
        _thread = new WorkerThread(0, _datapath, new EchoHandler(_datapath), new MonotonicClock(), Console.Error.WriteLine);
        _thread.Start();
        TransportAddress local = _datapath.LocalAddresses[0];
        _client = new EchoClient(new IPEndPoint(local.ToIPAddress(), local.Port));
    }

    public string Name => $"datapath, {_datapath.Engine}";

    public TimeSpan? Exchange() => _client.Exchange();

    public void Idle()
    {
    }

    public void Dispose()
    {
        _client.Dispose();
        _thread.Dispose();
        if (!_thread.IsRunning)
            _datapath.Dispose();
    }

    private sealed class EchoHandler(IDatagramSender sender) : IDatapathHandler
    {
        public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
        {
            datagram.CopyTo(sender.Reserve());
            sender.Commit(datagram.Length, path);
        }

        public MonotonicTime OnTick(MonotonicTime now) => MonotonicTime.Never;
    }
}
