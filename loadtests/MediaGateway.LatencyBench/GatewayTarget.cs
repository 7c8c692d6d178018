using System.Diagnostics;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Testing.Loopback;

namespace MediaGateway.LatencyBench;

/// <summary>
/// The gateway itself: a packet leaves a publisher's socket, is decrypted, authenticated, kept for retransmission, rewritten
/// and encrypted for one viewer, and comes out of the viewer's socket. ICE, DTLS and SRTP are real; the clients'
/// own encryption and decryption are not in the measure.
/// </summary>
internal sealed class GatewayTarget : ILatencyTarget
{
    private const string Stream = "latency";

    private readonly LoopbackGateway _gateway;
    private readonly LoopbackPeer _publisher;
    private readonly LoopbackPeer _viewer;
    private long _number;

    public GatewayTarget(DatapathEngine engine)
    {
        _gateway = new LoopbackGateway(engine);
        _publisher = LoopbackPeer.Publish(_gateway, Stream);
        _viewer = LoopbackPeer.Watch(_gateway, Stream);
        LoopbackPeer.Connect(_gateway, _publisher, _viewer);
    }

    public string Name => $"gateway, {_gateway.Engine}";

    public TimeSpan? Exchange()
    {
        _publisher.TryWriteFrame(++_number);
        long sent = Stopwatch.GetTimestamp();
        _publisher.Flush();
        while (Stopwatch.GetTimestamp() - sent < LatencyProbe.LostAfter)
        {
            if (!_viewer.TryReceive())
                continue;
            long received = Stopwatch.GetTimestamp();
            _viewer.Deliver();
            if (_viewer.HighestNumber == _number)
                return Stopwatch.GetElapsedTime(sent, received);
        }
        return null;
    }

    public void Idle()
    {
        _publisher.Turn();
        _viewer.Turn();
    }

    public void Dispose()
    {
        _viewer.Dispose();
        _publisher.Dispose();
        _gateway.Dispose();
    }
}
