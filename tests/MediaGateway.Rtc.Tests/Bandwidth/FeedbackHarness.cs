using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Tests.Bandwidth;

/// <summary>
/// Packets are sent every 10 ms, and what a receiver reports of them becomes results. A count begins with 0 at the first packet.
/// </summary>
internal sealed class FeedbackHarness : IPacketResultSink
{
    public const int Bytes = 1000;

    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private byte _reports;

    public FeedbackHarness() => Adapter = new FeedbackAdapter(Log);

    public SentPacketLog Log { get; } = new();

    public FeedbackAdapter Adapter { get; }

    public MonotonicTime Now { get; set; } = MonotonicTime.FromMilliseconds(1_000);

    /// <summary>Each result: the count of its packet, with a minus before lost ones.</summary>
    public List<string> Results { get; } = [];

    public List<PacketResult> Details { get; } = [];

    public static MonotonicTime SentAt(int count) => MonotonicTime.FromMilliseconds(1_000) + Step * count;

    public void Send(int packets)
    {
        for (int i = 0; i < packets; i++, Now += Step)
            Log.Add(Bytes, 0, Now);
    }

    /// <summary>Reports on packets from one on; those that are named arrived 20 ms after they were sent.</summary>
    public void Report(int first, int count, params int[] received) => ReportAs(_reports++, first, count, received);

    /// <summary>Loses the next report on its way.</summary>
    public void LoseReport() => _reports++;

    public void ReportAs(byte number, int first, int count, params int[] received)
    {
        long[] arrivals = new long[count];
        Array.Fill(arrivals, RtcpWriter.NotReceived);
        foreach (int packet in received)
            arrivals[packet - first] = (SentAt(packet) + TimeSpan.FromMilliseconds(20)).Ticks;
        ReportAs(number, (ushort)first, arrivals);
    }

    public void ReportAs(byte number, ushort first, long[] arrivals)
    {
        byte[] datagram = new byte[1200];
        var writer = new RtcpWriter(datagram);
        Assert.True(writer.WriteTransportFeedback(new Ssrc(1), new Ssrc(0), new SequenceNumber(first), number, arrivals, out int written));
        Assert.Equal(arrivals.Length, written);
        Read(datagram.AsSpan(0, writer.Length));
    }

    public void Read(ReadOnlySpan<byte> datagram)
    {
        var reader = new RtcpReader(datagram);
        Assert.True(reader.TryRead(out RtcpPacketView packet));
        Assert.True(TransportFeedbackView.TryParse(packet, out TransportFeedbackView view));
        Adapter.Read(view, this, Now);
    }

    /// <summary>Takes the results so far.</summary>
    public string Take()
    {
        string results = string.Join(' ', Results);
        Results.Clear();
        return results;
    }

    void IPacketResultSink.OnResults(ReadOnlySpan<PacketResult> results, MonotonicTime now)
    {
        foreach (PacketResult result in results)
        {
            Details.Add(result);
            long count = (result.Sent - SentAt(0)).Ticks / Step.Ticks;
            Results.Add(result.IsReceived ? $"{count}" : $"-{count}");
        }
    }
}
