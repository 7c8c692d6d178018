using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Workers;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Testing.Loopback;

namespace MediaGateway.FanoutBench;

/// <summary>
/// The floor, which no gateway can go below: a worker that encrypts the same packets for as many sockets, and sends them.
/// </summary>
internal sealed class FloorFanout : IFanout
{
    private const int HeaderLength = 20;

    private readonly UdpDatapath _datapath;
    private readonly WorkerThread _thread;
    private readonly Sender _sender;
    private readonly Socket[] _viewers;
    private readonly byte[] _incoming = new byte[2048];

    public FloorFanout(int viewers, int batch, bool isSegmenting)
    {
        _datapath = UdpDatapath.Open(new UdpEndpointOptions
        { Addresses = [IPAddress.Loopback], Segmentation = isSegmenting, SendBatchSize = batch }, new DropCounters());
        _viewers = [.. Enumerable.Range(0, viewers).Select(_ => Open())];
        _sender = new Sender(_datapath,
            [.. _viewers.Select(viewer => TransportAddress.From(IPAddress.Loopback, ((IPEndPoint)viewer.LocalEndPoint!).Port))]);
        _thread = new WorkerThread(0, _datapath, _sender, new MonotonicClock(), Console.Error.WriteLine);
        _thread.Start();
    }

    public int Viewers => _viewers.Length;

    public long Received { get; private set; }

    public void SendFrame()
    {
        _sender.Ask();
        _datapath.Wake();
    }

    public void Receive()
    {
        foreach (Socket viewer in _viewers)
        {
            while (viewer.Poll(0, SelectMode.SelectRead))
            {
                viewer.Receive(_incoming);
                Received++;
            }
        }
    }

    public void Dispose()
    {
        _thread.Dispose();
        if (!_thread.IsRunning)
            _datapath.Dispose();
        foreach (Socket viewer in _viewers)
            viewer.Dispose();
        _sender.Dispose();
    }

    private static Socket Open()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private sealed class Sender(IDatagramSender datagrams, TransportAddress[] viewers) : IDatapathHandler, IDisposable
    {
        private readonly SrtpSender[] _srtp = [.. viewers.Select(_ =>
            new SrtpSender(SrtpProfile.AeadAes128Gcm, RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(12)))];
        private readonly byte[] _packet = RandomNumberGenerator.GetBytes(LoopbackPeer.DatagramLength - 16);
        private int _asked;
        private int _done;
        private long _sequence;

        public void Ask() => Interlocked.Increment(ref _asked);

        public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
        {
        }

        public MonotonicTime OnTick(MonotonicTime now)
        {
            for (; _done != Volatile.Read(ref _asked); _done++)
                SendFrame();
            return MonotonicTime.Never;
        }

        public void Dispose()
        {
            foreach (SrtpSender srtp in _srtp)
                srtp.Dispose();
        }

        private void SendFrame()
        {
            for (int viewer = 0; viewer < viewers.Length; viewer++)
            {
                for (int i = 0; i < Fanout.PacketsPerFrame; i++)
                {
                    Span<byte> slot = datagrams.Reserve();
                    _packet.CopyTo(slot);
                    int length =
                        _srtp[viewer].ProtectRtp(slot, _packet.Length, HeaderLength, new Ssrc(1), new ExtendedSequence(_sequence + i));
                    datagrams.Commit(length, new NetworkPath(new EndpointId(0), viewers[viewer]));
                }
            }
            _sequence += Fanout.PacketsPerFrame;
        }
    }
}
