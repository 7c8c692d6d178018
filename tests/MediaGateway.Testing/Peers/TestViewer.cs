using System.Buffers.Binary;
using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Testing.Peers;

/// <summary>Records all it receives, checks each payload to the last bit, and asks for a key frame as a browser would.</summary>
public sealed class TestViewer : TestPeer
{
    private static readonly TimeSpan KeyFrameRetry = TimeSpan.FromMilliseconds(200);

    private MonotonicTime _nextRequest;

    public TestViewer(IDatagramSender datagrams, IDtlsContext dtls, IEntropy entropy, ImmutableArray<CodecKind> videoCodecs = default,
        bool retransmission = true, IceOptions? ice = null)
        : base(datagrams, dtls, entropy, new TestPeerMedia(
            MediaDirection.Receive, videoCodecs.IsDefaultOrEmpty ? [CodecKind.Vp8, CodecKind.H264] : videoCodecs)
        { Retransmission = retransmission }, ice)
    {
    }

    /// <summary>Video packets by packet index.</summary>
    public SortedDictionary<long, ReceivedPacket> Video { get; } = [];

    public SortedDictionary<long, ReceivedPacket> Audio { get; } = [];

    /// <summary>Packets with nothing but parameter sets, by packet index.</summary>
    public SortedDictionary<long, ReceivedSets> Sets { get; } = [];

    /// <summary>Video packets whose bytes were not what their publisher wrote.</summary>
    public int Damaged { get; private set; }

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
        if (receiver.Kind == MediaKind.Audio)
        {
            ReadOnlySpan<byte> bytes = packet.View.Payload;
            MonotonicTime sentAt = bytes.Length > sizeof(long) ? new MonotonicTime(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]))
                : default;
            Audio[packet.Sequence.Value] = new ReceivedPacket(packet.View.Timestamp, packet.View.Ssrc, now,
                new TestPayload(CodecKind.Opus, bytes[0], 0, 0, false, sentAt));
            return;
        }
        if (!TestPayload.TryRead(packet.Codec.Kind, packet.View.Payload, out TestPayload payload))
        {
            if (ReceivedSets.TryRead(packet, out ReceivedSets? sets))
                Sets[packet.Sequence.Value] = sets;
            else
                Damaged++;
            return;
        }
        if (payload.IsKey && payload.Packet == 0)
            packet.Stream.OnKeyFrame();
        Video[packet.Sequence.Value] = new ReceivedPacket(packet.View.Timestamp, packet.View.Ssrc, now, payload);
    }

    protected override MonotonicTime OnMediaTick(MonotonicTime now)
    {
        if (Video.Count > 0 && Video.First().Value.Payload is { IsKey: true })
            return MonotonicTime.Never;
        if (now >= _nextRequest)
        {
            _nextRequest = now + KeyFrameRetry;
            foreach (RtpReceiver receiver in Transport.Rtp.Receivers)
            {
                if (receiver.Kind == MediaKind.Video)
                    Transport.Rtp.RequestKeyFrame(receiver.Encodings[0], now);
            }
        }
        return _nextRequest;
    }
}
