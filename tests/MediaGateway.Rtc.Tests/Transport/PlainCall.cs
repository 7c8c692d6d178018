using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>Two plain transports and the network between them, in virtual time.</summary>
internal sealed class PlainCall : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private readonly Queue<(MonotonicTime At, PlainEnd To, NetworkPath Path, byte[] Bytes)> _network = new();

    public PlainCall(SrtpMasterKeys? keys, bool hasRetransmission)
    {
        SrtpMasterKeys? mirrored = keys is null ? null : new(keys.Profile, keys.RemoteKey, keys.RemoteSalt, keys.LocalKey, keys.LocalSalt);
        Sender = new PlainEnd(PathTo(2), keys, new SeededEntropy(1));
        Receiver = new PlainEnd(PathTo(1), mirrored, new SeededEntropy(2));
        Sender.Transport.Attach(Sender, Sender, Sender.Drops, Now);
        Receiver.Transport.Attach(Receiver, Receiver, Receiver.Drops, Now);
        PayloadType? retransmission = hasRetransmission ? new PayloadType(97) : null;
        var codec =
            new RtpCodec(CodecKind.Vp8, new PayloadType(96), 90_000, 1, "", retransmission, RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli);
        var format = new MediaFormat(MediaKind.Video, [codec], HeaderExtensionMap.Empty);
        Video = Sender.Transport.AddSender(new Mid("v"), format, new Ssrc(11), hasRetransmission ? new Ssrc(12) : null);
        Reception = Receiver.Transport.AddReceiver(new Mid("v"), format, encodings: [], sources: []);
    }

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1_000);

    public PlainEnd Sender { get; }

    public PlainEnd Receiver { get; }

    public RtpSender Video { get; }

    public RtpReceiver Reception { get; }

    /// <summary>True when the network loses a datagram; none by default.</summary>
    public Func<byte[], bool> Loses { get; set; } = _ => false;

    /// <summary>Every datagram that was handed to the network.</summary>
    public List<byte[]> Sent { get; } = [];

    public static NetworkPath PathTo(byte host) => new(new EndpointId(0), TransportAddress.FromIPv4(0x0A00_0000u + host, 5000));

    public void Run(TimeSpan duration)
    {
        for (MonotonicTime end = Now + duration; Now < end; Now += Step)
        {
            while (_network.TryPeek(out var next) && next.At <= Now)
            {
                _network.Dequeue();
                next.To.Transport.OnDatagram(next.Bytes, next.Path, Now);
            }
            foreach (PlainEnd endpoint in (PlainEnd[])[Sender, Receiver])
            {
                if (endpoint.Transport.NextDeadline <= Now)
                    endpoint.Transport.OnTimeout(Now);
            }
            Carry(Sender, Receiver, PathTo(1));
            Carry(Receiver, Sender, PathTo(2));
        }
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }

    private void Carry(PlainEnd from, PlainEnd to, NetworkPath path)
    {
        while (from.Outgoing.TryDequeue(out byte[]? datagram))
        {
            Sent.Add([.. datagram]);
            if (!Loses(datagram))
                _network.Enqueue((Now + Delay, to, path, datagram));
        }
    }
}
