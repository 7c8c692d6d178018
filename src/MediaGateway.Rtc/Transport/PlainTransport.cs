using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Rtc.Transport;

/// <summary>
/// RTP with a remote that speaks neither ICE nor DTLS, such as an encoder, a recorder or another gateway: one fixed path, keys that
/// were given or none, and an RTP session whose streams are added one by one. RTP and RTCP share the path (RFC 5761). Without I/O
/// or clock; called only by the worker that it is attached to.
/// <para><b>A datagram from any other path changes nothing.</b></para>
/// </summary>
public sealed class PlainTransport : IDisposable
{
    private readonly PlainTransportOptions _options;
    private DropCounters? _drops;

    public PlainTransport(PlainTransportOptions options, IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(entropy);
        _options = options;
        Rtp = new RtpSession(options.Rtp, [], entropy);
        Rtp.Outlet.SetPath(options.Path);
    }

    public RtpSession Rtp { get; }

    /// <summary>True once <see cref="Close"/> was called: nothing is sent or received any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Latest time at which <see cref="OnTimeout"/> is to be called.</summary>
    public MonotonicTime NextDeadline => Rtp.Outlet.IsOpen ? Rtp.NextDeadline : MonotonicTime.Never;

    /// <summary>Hands the transport over to a worker. From now on it sends and receives.</summary>
    public void Attach(IDatagramSender datagrams, IMediaHandler media, DropCounters drops, MonotonicTime now)
    {
        _drops = drops;
        Rtp.Attach(datagrams, media);
        Rtp.Open(_options.Keys, now);
    }

    /// <summary>Receives one more stream, or several encodings of one.</summary>
    /// <param name="mid">Names it in this session.</param>
    /// <param name="format">What was agreed on.</param>
    /// <param name="encodings">The RIDs of its simulcast encodings; empty without simulcast.</param>
    /// <param name="sources">The SSRCs of its encodings; empty to learn them from the packets.</param>
    public RtpReceiver AddReceiver(Mid mid, MediaFormat format, ImmutableArray<Rid> encodings, ImmutableArray<RemoteSource> sources) =>
        Rtp.AddReceiver(mid, format, encodings, sources);

    /// <summary>Sends one more stream.</summary>
    /// <param name="mid">Names it in this session.</param>
    /// <param name="format">What was agreed on.</param>
    /// <param name="ssrc">Its SSRC.</param>
    /// <param name="retransmission">The SSRC of its RTX stream (RFC 4588); null without one.</param>
    /// <exception cref="ArgumentException">An SSRC that is or was in use in this session.</exception>
    public RtpSender AddSender(Mid mid, MediaFormat format, Ssrc ssrc, Ssrc? retransmission) =>
        Rtp.AddSender(mid, format, ssrc, retransmission);

    /// <summary>A datagram from any path.</summary>
    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        if (IsClosed)
            return;
        DropReason reason = path != _options.Path
            ? DropReason.UnknownPeer
            : DatagramClassifier.Classify(datagram) switch
            {
                DatagramKind.Rtp => Rtp.OnRtp(datagram, now),
                DatagramKind.Rtcp => Rtp.OnRtcp(datagram, now),
                _ => DropReason.UnknownProtocol,
            };
        if (reason != DropReason.None)
            _drops?.Count(reason);
    }

    public void OnTimeout(MonotonicTime now)
    {
        if (!IsClosed)
            Rtp.OnTimeout(now);
    }

    /// <summary>Says goodbye (RTCP BYE) and ends. Idempotent.</summary>
    public void Close()
    {
        if (IsClosed)
            return;
        Rtp.WriteGoodbye();
        Rtp.Outlet.Close();
        IsClosed = true;
    }

    public void Dispose() => Rtp.Dispose();
}
