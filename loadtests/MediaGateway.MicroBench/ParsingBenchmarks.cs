using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Stun;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.MicroBench;

/// <summary>Benchmarks of the parsers, from a datagram's bytes to what they mean.</summary>
public class ParsingBenchmarks
{
    private const int Lost = 3;
    private const int Arrivals = 20;

    private readonly byte[] _plain = BenchPackets.Plain();
    private readonly byte[] _extended = BenchPackets.Audio();
    private readonly byte[] _compound = CreateCompound();
    private readonly byte[] _check;
    private readonly byte[] _password;
    private readonly byte[] _dtls = [22, 0xFE, 0xFD, .. new byte[10]];

    public ParsingBenchmarks()
    {
        var entropy = new SeededEntropy(1);
        IceCredentials local = IceCredentials.Create(entropy), remote = IceCredentials.Create(entropy);
        _password = System.Text.Encoding.ASCII.GetBytes(local.Password);
        byte[] buffer = new byte[TestIceClient.MaxCheckLength];
        _check = buffer[..new TestIceClient(remote, local, entropy, priority: 100).WriteCheck(buffer, nominate: true, MonotonicTime.Zero)];
    }

    [Benchmark(OperationsPerInvoke = 4)]
    public int Classify() =>
        (DatagramClassifier.Classify(_extended) == DatagramKind.Rtp ? 1 : 0)
        + (DatagramClassifier.Classify(_compound) == DatagramKind.Rtcp ? 1 : 0)
        + (DatagramClassifier.Classify(_check) == DatagramKind.Stun ? 1 : 0)
        + (DatagramClassifier.Classify(_dtls) == DatagramKind.Dtls ? 1 : 0);

    [Benchmark]
    public int RtpPlain() => RtpPacketView.TryParse(_plain, out RtpPacketView view)
        && view.Payload.Length == BenchPackets.VideoPayload ? 1 : 0;

    /// <summary>Parses the packet and finds the last of three extension elements.</summary>
    [Benchmark]
    public int RtpWithExtensions() =>
        RtpPacketView.TryParse(_extended, out RtpPacketView view)
        && view.TryGetExtension(BenchPackets.TransportSequenceId, out ReadOnlySpan<byte> number) && number.Length == 2 ? 1 : 0;

    /// <summary>A viewer's: receiver report of two blocks, SDES, NACK of three packets, transport-wide feedback on twenty.</summary>
    [Benchmark]
    public int RtcpCompound()
    {
        var reader = new RtcpReader(_compound);
        int blocks = 0, lost = 0, arrivals = 0;
        while (reader.TryRead(out RtcpPacketView packet))
        {
            if (ReceiverReportView.TryParse(packet, out ReceiverReportView report))
            {
                foreach (ReportBlock block in report.ReportBlocks)
                    blocks += block.FractionLost;
            }
            else if (NackView.TryParse(packet, out NackView nack))
            {
                foreach (SequenceNumber _ in nack.Lost)
                    lost++;
            }
            else if (TransportFeedbackView.TryParse(packet, out TransportFeedbackView feedback))
            {
                foreach (PacketArrival _ in feedback.Arrivals)
                    arrivals++;
            }
        }
        return !reader.IsMalformed && blocks == 2 && lost == Lost && arrivals == Arrivals ? 1 : 0;
    }

    /// <summary>Reads as far as the worker does to find the peer.</summary>
    [Benchmark]
    public int StunUsername() => IceAuthentication.TryGetLocalUsernameFragment(_check, out ReadOnlySpan<byte> fragment)
        && !fragment.IsEmpty ? 1 : 0;

    [Benchmark]
    public int StunAuthenticated() =>
        StunMessageView.TryParse(_check, out StunMessageView message)
        && message.CheckFingerprint() == FingerprintStatus.Valid && message.VerifyIntegrity(_password) ? 1 : 0;

    private static byte[] CreateCompound()
    {
        byte[] buffer = new byte[500];
        var writer = new RtcpWriter(buffer);
        var block = new ReportBlock(BenchPackets.Source, FractionLost: 1, CumulativeLost: 5, 70_000, 90, 1, 1);
        var sender = new Ssrc(1);
        writer.WriteReceiverReport(sender, [block, block]);
        writer.WriteSourceDescription(sender, "viewer"u8);
        writer.WriteNack(sender, BenchPackets.Source, [new(100), new(101), new(150)]);
        long[] arrivals = [.. Enumerable.Range(0, Arrivals).Select(i => i * TimeSpan.TicksPerMillisecond)];
        writer.WriteTransportFeedback(sender, BenchPackets.Source, new SequenceNumber(1), feedbackCount: 1, arrivals, out _);
        return buffer[..writer.Length];
    }
}
