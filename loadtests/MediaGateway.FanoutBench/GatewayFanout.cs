using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Loopback;

namespace MediaGateway.FanoutBench;

/// <summary>
/// The gateway's workers with real ICE, DTLS and SRTP, and viewers that authenticate every packet: as many on each worker.
/// </summary>
internal sealed class GatewayFanout : IFanout
{
    private const string Stream = "fanout";

    private readonly LoopbackGateway _gateway;
    private readonly LoopbackPeer _publisher;
    private readonly LoopbackPeer[] _viewers;
    private long _number;

    public GatewayFanout(int viewers, int batch, bool isSegmenting, int workers = 1, bool isPinned = false)
    {
        _gateway = new LoopbackGateway(DatapathEngine.Automatic, isSegmenting, batch, workers);
        if (isPinned)
            WorkerCpu.Pin();
        _publisher = LoopbackPeer.Publish(_gateway, Stream);
        LoopbackPeer.Connect(_gateway, _publisher);
        _viewers = [.. Enumerable.Range(0, viewers).Select(number => LoopbackPeer.Watch(_gateway, Stream, number % workers))];
        LoopbackPeer.Connect(_gateway, [_publisher, .. _viewers]);
    }

    public int Viewers => _viewers.Length;

    public long Received => _viewers.Sum(viewer => viewer.PacketsReceived);

    public void SendFrame()
    {
        for (int i = 0; i < Fanout.PacketsPerFrame; i++)
            _publisher.TryWriteFrame(++_number);
        _publisher.Turn();
    }

    public void Receive()
    {
        foreach (LoopbackPeer viewer in _viewers)
            viewer.Turn();
    }

    public void Dispose()
    {
        for (int worker = 0; worker < _gateway.WorkerCount; worker++)
        {
            // Lost here, and not for a client that was too slow.
            foreach (DropReason reason in (DropReason[])[DropReason.RelayFull, DropReason.SendBufferFull, DropReason.SendFailed])
            {
                if (_gateway.DropsOf(worker)[reason] is > 0 and long count)
                    Console.Error.WriteLine($"worker {worker} dropped {count}: {reason}");
            }
        }
        foreach (LoopbackPeer viewer in _viewers)
            viewer.Dispose();
        _publisher.Dispose();
        _gateway.Dispose();
    }
}
