using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.MicroBench;

/// <summary>VP8 in two temporal layers to 100 subscribers: how each packet goes to each of them.</summary>
public class ForwardingBenchmarks
{
    private const int Subscribers = 100;

    private readonly Vp8Stream _stream;
    private readonly PublishedEncoding _encoding;
    private readonly Forwarder[] _subscribers;
    private readonly Forwarder[] _limited;
    private readonly ushort[] _sent = [.. Enumerable.Range(1, 512).Select(number => (ushort)number)];
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);
    private int _next;

    public ForwardingBenchmarks()
    {
        var receiving = new RtpReceiveStream(0, null, Vp8Stream.Codec);
        _stream = new Vp8Stream(receiving);
        _encoding = new PublishedEncoding(receiving, keepHistory: true, new RemoteClock(), BenchPackets.Extensions);
        _subscribers = [.. Enumerable.Range(0, Subscribers).Select(_ => CreateForwarder(int.MaxValue))];
        _limited = [.. Enumerable.Range(0, Subscribers).Select(_ => CreateForwarder(maxTemporal: 0))];
        new Random(1).Shuffle(_sent);
        // Both must see the key frame, with which the stream begins.
        FrameLayers layers = _encoding.OnPacket(_stream.Packet, _now);
        PlanAll(_limited, layers);
        PlanAll(_subscribers, layers);
        for (int i = 0; i < _sent.Length; i++)
            PlanAll();
    }

    /// <summary>Measures the work done once per packet, for all subscribers: keeping it, and reading its layers.</summary>
    [Benchmark]
    public int Publish()
    {
        Advance();
        return _encoding.OnPacket(_stream.Packet, _now).HasLayers ? 1 : 0;
    }

    /// <summary>All of it passes.</summary>
    [Benchmark(OperationsPerInvoke = Subscribers)]
    public int PlanAll()
    {
        Advance();
        return PlanAll(_subscribers, _encoding.OnPacket(_stream.Packet, _now)).Passed;
    }

    /// <summary>The upper layer is left out: every other picture.</summary>
    [Benchmark(OperationsPerInvoke = Subscribers)]
    public int PlanLowerLayer()
    {
        Advance();
        (int passed, int leftOut) = PlanAll(_limited, _encoding.OnPacket(_stream.Packet, _now));
        return passed + leftOut;
    }

    /// <summary>A NACK's packet, found again with its plan.</summary>
    [Benchmark]
    public int Replay()
    {
        _next = (_next + 1) & (_sent.Length - 1);
        return _subscribers[0].TryReplay(new SequenceNumber(_sent[_next]), out RtpPacketView view, out RewritePlan plan)
            && plan.PayloadOf(view).Length == BenchPackets.VideoPayload ? 1 : 0;
    }

    private (int Passed, int LeftOut) PlanAll(Forwarder[] forwarders, in FrameLayers layers)
    {
        int passed = 0, leftOut = 0;
        MediaPacket packet = _stream.Packet;
        foreach (Forwarder forwarder in forwarders)
        {
            DropReason reason = forwarder.Plan(_encoding, packet, layers, _now, out _);
            passed += reason == DropReason.None ? 1 : 0;
            leftOut += reason == DropReason.LayerMismatch ? 1 : 0;
        }
        return (passed, leftOut);
    }

    private void Advance()
    {
        _stream.Next();
        _now += TimeSpan.FromMilliseconds(2);
    }

    private Forwarder CreateForwarder(int maxTemporal)
    {
        var forwarder = new Forwarder(MediaKind.Video, [Vp8Stream.Codec], BenchPackets.Extensions, new ExtendedSequence(1), default);
        forwarder.SetLimits(int.MaxValue, maxTemporal);
        forwarder.SetTarget(_encoding);
        return forwarder;
    }
}
