using MediaGateway.Platform.Udp;
using MediaGateway.Testing.Loopback;

namespace MediaGateway.FanoutBench;

/// <summary>The gateway's worker with real ICE, DTLS and SRTP, and viewers that authenticate every packet.</summary>
internal sealed class GatewayFanout : IFanout
{
    private const string Stream = "fanout";

    private readonly LoopbackGateway _gateway;
    private readonly LoopbackPeer _publisher;
    private readonly LoopbackPeer[] _viewers;
    private long _number;

    public GatewayFanout(int viewers, int batch, bool isSegmenting)
    {
        _gateway = new LoopbackGateway(DatapathEngine.Automatic, isSegmenting, batch);
        _publisher = LoopbackPeer.Publish(_gateway, Stream);
        LoopbackPeer.Connect(_gateway, _publisher);
        _viewers = [.. Enumerable.Range(0, viewers).Select(_ => LoopbackPeer.Watch(_gateway, Stream))];
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
        foreach (LoopbackPeer viewer in _viewers)
            viewer.Dispose();
        _publisher.Dispose();
        _gateway.Dispose();
    }
}
