using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// The input is a story of packets that are sent, time that passes, and reports that say anything about them: each packet has one result
/// at most, about what was sent, and the bytes in flight are those of the packets in flight.
/// </summary>
public sealed class PacketFeedbackFuzzTarget : IFuzzTarget
{
    private enum Step
    {
        Send,
        Wait,
        SendAgain,
        Report,
    }

    public string Name => "packet-feedback";

    public IEnumerable<byte[]> Seeds =>
    [
        Story(Send(10), Report("00000001000000020000000A000002072003A0FF" + "010203040506070809")),
        Story(
            Send(200), Report("000000010000000200000003000002072003" + "0102FF"), Wait(70),
            Report("000000010000000200030003000002082003" + "0102FF")),
        Story(Send(255), Wait(255), Report("00000001000000020001FFFF000000011FFF1FFF1FFF1FFF1FFF1FFF1FFF1FFF2007" + "01010101010101")),
        Story(Send(30), Report("000000010000000200000000000000"), [2, 3], Send(30), Report("0000000100000002000A000E00000101A0010506")),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var run = new Link();
        while (input.Length >= 2)
        {
            byte value = input[1];
            Step step = (Step)(input[0] & 3);
            input = input[2..];
            if (step == Step.Report)
            {
                int length = Math.Min(value, input.Length);
                run.Report(input[..length]);
                input = input[length..];
            }
            else
            {
                run.Do(step, value);
            }
            run.Check();
        }
    }

    private static byte[] Story(params byte[][] steps) => [.. steps.SelectMany(step => step)];

    private static byte[] Send(byte packets) => [(byte)Step.Send, packets];

    private static byte[] Wait(byte milliseconds) => [(byte)Step.Wait, milliseconds];

    private static byte[] Report(string body)
    {
        byte[] bytes = Convert.FromHexString(body);
        return [(byte)Step.Report, (byte)bytes.Length, .. bytes];
    }

    private sealed class Link : IPacketResultSink
    {
        private readonly SentPacketLog _log = new();
        private readonly FeedbackAdapter _adapter;
        private readonly HashSet<MonotonicTime> _known = [];
        private MonotonicTime _now = MonotonicTime.FromMilliseconds(1_000);
        private long _sent;

        public Link() => _adapter = new FeedbackAdapter(_log);

        public void Do(Step step, byte value)
        {
            if (step == Step.Wait)
            {
                _now += TimeSpan.FromMilliseconds(value * 10);
                _log.ReleaseIfIdle(_now);
            }
            else if (step == Step.SendAgain)
            {
                long count = _log.Next - value;
                if (count >= _log.First && count < _log.Next)
                    _log.Settle(ref _log[count], PacketFate.Repeated);
            }
            else
            {
                // Each at a time of its own, by which it is known again.
                for (int i = 0; i < value; i++, _now += TimeSpan.FromMilliseconds(1), _sent++)
                    _log.Add(LengthAt(_now), (byte)(_sent & 3), _now);
            }
        }

        public void Report(ReadOnlySpan<byte> body)
        {
            var packet = new RtcpPacketView(RtcpPacketType.TransportLayerFeedback, RtcpFeedbackFormat.TransportWide, body);
            if (TransportFeedbackView.TryParse(packet, out TransportFeedbackView view))
                _adapter.Read(view, this, _now);
        }

        public void Check()
        {
            long bytes = 0;
            for (long count = _log.First; count < _log.Next; count++)
                bytes += _log[count].Fate == PacketFate.InFlight ? _log[count].Bytes : 0;
            Property.Holds(bytes == _log.BytesInFlight, "the bytes in flight are those of the packets in flight");
            Property.Holds(_log.Next - _log.First <= _log.Capacity, "the log holds what it has room for");
            Property.Holds(_log.Next == SentPacketLog.FirstCount + _sent, "each packet has its number");
        }

        public void OnResults(ReadOnlySpan<PacketResult> results, MonotonicTime now)
        {
            Property.Holds(!results.IsEmpty, "results are told when there are some");
            foreach (PacketResult result in results)
            {
                Property.Holds(_known.Add(result.Sent), "a packet has one result");
                Property.Holds(result.Sent <= now && result.Bytes == LengthAt(result.Sent), "a result is about what was sent");
            }
        }

        private static int LengthAt(MonotonicTime time) => 40 + (int)(time.Ticks / TimeSpan.TicksPerMillisecond % 1400);
    }
}
