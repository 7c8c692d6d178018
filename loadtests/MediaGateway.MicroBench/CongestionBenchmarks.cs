using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.MicroBench;

/// <summary>
/// Bandwidth of one viewer at 270 packets a second, which are 2.5 Mb/s: what each packet costs, and what the report costs that comes for
/// every 17 of them, as Chromium sends it.
/// </summary>
public class CongestionBenchmarks
{
    private const int PacketsPerReport = 17;
    private const int Length = 1_180;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(3.7);

    private readonly byte[] _report = new byte[200];
    private readonly int _reportLength;
    private CongestionController _sending = null!;
    private CongestionController _reported = null!;
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1_000);
    private byte _count;

    public CongestionBenchmarks()
    {
        var writer = new RtcpWriter(_report);
        long[] arrivals = [.. Enumerable.Range(0, PacketsPerReport).Select(packet => (Interval * packet).Ticks)];
        writer.WriteTransportFeedback(new Ssrc(1), new Ssrc(2), new SequenceNumber(0), 0, arrivals, out _);
        _reportLength = writer.Length;
        Reset();
    }

    [GlobalSetup]
    public void Reset()
    {
        _sending = Create();
        _reported = Create();
        SendAndReport();
    }

    /// <summary>A packet is numbered and noted, and the oldest one forgotten: no report ever comes.</summary>
    [Benchmark]
    public int Packet()
    {
        _now += Interval;
        _sending.OnSent(Length, _now);
        return 1;
    }

    /// <summary>Packets are noted, and one report acknowledges 17 of them; the estimate follows. By packet.</summary>
    [Benchmark(OperationsPerInvoke = PacketsPerReport)]
    public int SendAndReport()
    {
        ushort first = _reported.NextNumber;
        for (int i = 0; i < PacketsPerReport; i++, _now += Interval)
            _reported.OnSent(Length, _now);
        BinaryPrimitives.WriteUInt16BigEndian(_report.AsSpan(12), first);
        // The receiver's clock, in 64 ms.
        BinaryPrimitives.WriteUInt32BigEndian(_report.AsSpan(16), (uint)(_now.Ticks / (64 * TimeSpan.TicksPerMillisecond)) << 8 | _count++);
        var reader = new RtcpReader(_report.AsSpan(0, _reportLength));
        if (reader.TryRead(out RtcpPacketView packet) && TransportFeedbackView.TryParse(packet, out TransportFeedbackView view))
            _reported.OnTransportFeedback(view, _now);
        return PacketsPerReport;
    }

    private static CongestionController Create()
    {
        var controller = new CongestionController(estimates: true);
        controller.Configure(isNumbered: true, takesMaximum: false, canSendFiller: true);
        return controller;
    }
}
