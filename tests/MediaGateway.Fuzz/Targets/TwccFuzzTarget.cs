using MediaGateway.Rtc.Rtcp;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// The input is the body of a transport-wide feedback: its arrivals are as many as the bytes can hold, in order, and
/// written again they read the same.
/// </summary>
public sealed class TwccFuzzTarget : IFuzzTarget
{
    /// <summary>A few bytes can claim 65,535 packets; writing all of them again would only slow the search down.</summary>
    private const int MostRewritten = 1000;

    public string Name => "twcc";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("000000010000000200010003000002072003" + "0102FF"),
        Convert.FromHexString("0000000100000002FFFF0007000000000004C9000100FFFE"),
        Convert.FromHexString("00000001000000020010000E00000101A0010506"),
        Convert.FromHexString("0000000100000002000100010000000100002000200109"),
        Convert.FromHexString("00000001000000020001FFFF000000011FFF1FFF1FFF1FFF1FFF1FFF1FFF1FFF2007" + "01010101010101"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        RtcpPacketView packet = new(RtcpPacketType.TransportLayerFeedback, RtcpFeedbackFormat.TransportWide, input);
        if (!TransportFeedbackView.TryParse(packet, out TransportFeedbackView view))
            return;
        long[] arrivals = new long[Math.Min((int)view.StatusCount, MostRewritten)];
        arrivals.AsSpan().Fill(RtcpWriter.NotReceived);
        int received = 0, previous = -1;
        foreach (PacketArrival arrival in view.Arrivals)
        {
            int index = (ushort)(arrival.Sequence.Value - view.BaseSequence.Value);
            Property.Holds(index > previous && index < view.StatusCount, "arrivals are in order and within the count");
            if (index < arrivals.Length)
                arrivals[index] = arrival.Time.Ticks;
            previous = index;
            received++;
        }
        Property.Holds(received <= input.Length, "each arrival takes a byte");
        WriteAndCompare(view, arrivals);
    }

    private static void WriteAndCompare(TransportFeedbackView view, long[] arrivals)
    {
        byte[] slot = new byte[64 + 3 * arrivals.Length];
        RtcpWriter writer = new(slot);
        bool written = writer.WriteTransportFeedback(
            view.Sender, view.Media, view.BaseSequence, view.FeedbackCount, arrivals, out int count);
        bool received = arrivals.AsSpan().IndexOfAnyExcept(RtcpWriter.NotReceived) >= 0;
        Property.Holds(written == received && written == count > 0, "what was received can be written");
        if (!written)
            return;
        RtcpReader reader = new(slot.AsSpan(0, writer.Length));
        Property.Holds(
            reader.TryRead(out RtcpPacketView packet) && TransportFeedbackView.TryParse(packet, out view),
            "what was written parses");
        Property.Holds(view.StatusCount == count, "the count survives");
        int next = 0;
        foreach (PacketArrival arrival in view.Arrivals)
        {
            int index = (ushort)(arrival.Sequence.Value - view.BaseSequence.Value);
            Property.Holds(arrivals.AsSpan(next, index - next).IndexOfAnyExcept(RtcpWriter.NotReceived) < 0, "no arrival is lost");
            long error = (arrivals[index] - arrival.Time.Ticks) % TransportFeedbackView.ClockPeriod.Ticks;
            Property.Holds(error == 0, "times survive, but for the wrap of the clock");
            next = index + 1;
        }
    }
}
