using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>
/// One end of a <see cref="PlainCall"/>: it keeps what it has sent, sends again what was lost, and records what it is handed.
/// </summary>
internal sealed class PlainEnd : IMediaHandler, IDatagramSender, IDisposable
{
    private readonly byte[] _slot = new byte[IDatagramSender.MaxDatagram];
    private readonly Dictionary<ushort, (OutgoingHeader Header, byte[] Payload)> _sent = [];
    private ExtendedSequence? _next;

    public PlainEnd(NetworkPath path, SrtpMasterKeys? keys, IEntropy entropy)
    {
        var rtp = new RtpSessionOptions { Clock = Clock, CanonicalName = "plain" };
        Transport = new PlainTransport(new PlainTransportOptions { Path = path, Keys = keys, Rtp = rtp }, entropy);
    }

    public static NtpClock Clock { get; } = new(new NtpTime(0xD000_0000_0000_0000));

    public PlainTransport Transport { get; }

    public DropCounters Drops { get; } = new();

    /// <summary>Datagrams that have been sent and not yet taken by the network.</summary>
    public Queue<byte[]> Outgoing { get; } = new();

    /// <summary>The numbers and payloads that have been handed over, in their order.</summary>
    public List<(long Sequence, string Payload)> Received { get; } = [];

    public List<SequenceNumber> Nacks { get; } = [];

    public int KeyFrameRequests { get; private set; }

    /// <summary>Sends one more packet and returns its number.</summary>
    public ExtendedSequence Send(RtpSender sender, byte[] payload, MonotonicTime now)
    {
        ExtendedSequence sequence = _next ?? sender.InitialSequence;
        _next = sequence + 1;
        var timestamp = new RtpTimestamp((uint)(now.Ticks * 90 / TimeSpan.TicksPerMillisecond));
        var header = new OutgoingHeader(sequence, timestamp, sender.Codecs[0].PayloadType, Marker: false);
        _sent[sequence.Wire.Value] = (header, payload);
        Assert.Equal(DropReason.None, sender.Send(header, payload, now));
        sender.Timing = new SenderTiming(Clock.At(now), timestamp);
        return sequence;
    }

    public void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now) =>
        Received.Add((packet.Sequence.Value, Convert.ToHexString(packet.View.Payload)));

    public void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
        Nacks.Add(lost);
        (OutgoingHeader header, byte[] payload) = _sent[lost.Value];
        sender.Resend(header, payload, now);
    }

    public void OnKeyFrameRequest(RtpSender sender, MonotonicTime now) => KeyFrameRequests++;

    public Span<byte> Reserve() => _slot;

    public void Commit(int length, in NetworkPath path) => Outgoing.Enqueue(_slot[..length]);

    public void Dispose() => Transport.Dispose();
}
