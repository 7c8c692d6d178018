using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>One encoding of a publication as forwarders see it: its receive stream, its recent packets, its rate.</summary>
public sealed class PublishedEncoding
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromMilliseconds(500);

    private MonotonicTime _windowStart;
    private long _windowBytes;

    /// <param name="stream">The receive stream behind it.</param>
    /// <param name="keepHistory">Whether subscribers may ask for retransmissions: video.</param>
    /// <param name="clock">The remote clock shared by the publisher's streams.</param>
    public PublishedEncoding(ReceiveStream stream, bool keepHistory, RemoteClock clock)
    {
        Stream = stream;
        History = keepHistory ? new PacketHistory() : null;
        Clock = clock;
    }

    public ReceiveStream Stream { get; }

    public PacketHistory? History { get; }

    public RemoteClock Clock { get; }

    /// <summary>The codec of the last packet; null before the first.</summary>
    public RtpCodec? Codec { get; private set; }

    /// <summary>Payload rate over the last half second or so.</summary>
    public Bitrate Rate { get; private set; }

    public void OnPacket(in MediaPacket packet, MonotonicTime now)
    {
        History?.Store(packet.Sequence, packet.Bytes);
        int length = packet.View.Payload.Length;
        if (length > 0)
            Codec = packet.Codec;
        _windowBytes += length;
        if (now - _windowStart >= RateWindow)
        {
            Rate = Bitrate.Of(_windowBytes, now - _windowStart);
            _windowStart = now;
            _windowBytes = 0;
        }
    }
}
