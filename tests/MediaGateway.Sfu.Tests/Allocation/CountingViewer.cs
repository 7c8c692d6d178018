using System.Buffers.Binary;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.TestClient;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>One of many viewers: keeps no packet, only books.</summary>
internal sealed class CountingViewer(IDatagramSender datagrams, IDtlsContext dtls, IEntropy entropy)
    : TestPeer(datagrams, dtls, entropy, new TestPeerMedia(MediaDirection.Receive, [CodecKind.Vp8]), FewChecks)
{
    /// <summary>
    /// ICE with few checks of consent: an answer costs the gateway as much as a packet here, and the load is to be the media's.
    /// </summary>
    private static readonly IceOptions FewChecks = ClientPeerOptions.OnePathIce with { ConsentInterval = TimeSpan.FromSeconds(20) };

    private long _firstAudio = -1;
    private long _lastAudio;
    private long _lastVideo = -1;

    public long Video { get; private set; }

    public long Audio { get; private set; }

    /// <summary>Numbers of the sound that did not come.</summary>
    public long AudioLost => _firstAudio < 0 ? 0 : _lastAudio - _firstAudio + 1 - Audio;

    /// <summary>Numbers of the picture that did not come: what is left out takes none.</summary>
    public long VideoLost { get; private set; }

    /// <summary>Times that the picture came back after half a second of nothing, since it was last set.</summary>
    public int Returns { get; set; }

    public MonotonicTime LastVideo { get; private set; }

    /// <summary>The longest way of a packet of sound since it was last set.</summary>
    public TimeSpan LongestDelay { get; set; }

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
        if (receiver.Kind == MediaKind.Audio)
            OnAudio(packet, now);
        else
            OnVideo(packet, now);
    }

    private void OnAudio(in MediaPacket packet, MonotonicTime now)
    {
        Audio++;
        _lastAudio = packet.Sequence.Value;
        if (_firstAudio < 0)
            _firstAudio = _lastAudio;
        TimeSpan delay = now - new MonotonicTime(BinaryPrimitives.ReadInt64BigEndian(packet.View.Payload[1..]));
        LongestDelay = delay > LongestDelay ? delay : LongestDelay;
    }

    private void OnVideo(in MediaPacket packet, MonotonicTime now)
    {
        Video++;
        if (_lastVideo >= 0)
            VideoLost += packet.Sequence.Value - _lastVideo - 1;
        _lastVideo = packet.Sequence.Value;
        if (Video > 1 && now - LastVideo > TimeSpan.FromMilliseconds(500))
            Returns++;
        LastVideo = now;
        if (TestPayload.TryRead(packet.Codec.Kind, packet.View.Payload, out TestPayload payload) && payload is { IsKey: true, Packet: 0 })
            packet.Stream.OnKeyFrame();
    }
}
