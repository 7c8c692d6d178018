using System.Text;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Rtc.Stun;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Testing.Workers;

/// <summary>
/// The far end of one peer of a <see cref="SimulatedCall"/>: it checks its path, is DTLS client, and protects whatever it
/// is told to send. It has no timers but its checks': nothing is lost on the way.
/// </summary>
public sealed class RemotePeer : IDtlsSink, IDisposable
{
    private readonly IEntropy _entropy;
    private readonly IDtlsEndpoint _dtls;
    private readonly Queue<byte[]> _outgoing = new();
    private readonly Dictionary<Ssrc, ExtendedSequence> _highest = [];
    private SrtpSender? _srtpSender;

    /// <param name="direction">What it offers: to send, or to receive.</param>
    /// <param name="path">Where the worker sees it.</param>
    /// <param name="dtls">Its certificate.</param>
    /// <param name="entropy">Its credentials.</param>
    /// <param name="promised">The fingerprint its offer names; by default that of its certificate.</param>
    public RemotePeer(
        MediaDirection direction, NetworkPath path, IDtlsContext dtls, IEntropy entropy, CertificateFingerprint? promised = null)
    {
        ArgumentNullException.ThrowIfNull(dtls);
        _entropy = entropy;
        Credentials = IceCredentials.Create(entropy);
        _dtls = dtls.CreateEndpoint(DtlsRole.Client, this, new DtlsOptions());
        Path = path;
        Offer = RemoteOffer.Create(direction, Credentials, promised ?? dtls.Fingerprint);
    }

    public NetworkPath Path { get; }

    public IceCredentials Credentials { get; }

    public SessionDescription Offer { get; }

    /// <summary>The writer of checks; null until the worker's answer came.</summary>
    public TestIceClient? Ice { get; private set; }

    /// <summary>The worker's credentials, from its answer.</summary>
    public IceCredentials? GatewayCredentials { get; private set; }

    /// <summary>Keys and certificate of the handshake; null until it is complete.</summary>
    public DtlsHandshakeResult? Handshake { get; private set; }

    /// <summary>Protected RTP and RTCP that arrived.</summary>
    public List<byte[]> Media { get; } = [];

    public void OnAnswer(NegotiatedSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        SdpSection section = session.LocalDescription.Media[0];
        GatewayCredentials = new IceCredentials(section.IceUsernameFragment!, section.IcePassword!);
        Ice = new TestIceClient(Credentials, GatewayCredentials, _entropy, priority: 100);
    }

    /// <summary>A signed check that nominates its path.</summary>
    /// <exception cref="InvalidOperationException">There is no answer yet.</exception>
    public byte[] CreateCheck(MonotonicTime now)
    {
        byte[] buffer = new byte[TestIceClient.MaxCheckLength];
        TestIceClient ice = Ice ?? throw new InvalidOperationException("There is no answer yet.");
        return buffer[..ice.WriteCheck(buffer, nominate: true, now)];
    }

    /// <summary>A check that wants to be nominated, with the right user names and without MESSAGE-INTEGRITY.</summary>
    public byte[] CreateUnsignedCheck()
    {
        byte[] buffer = new byte[TestIceClient.MaxCheckLength];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, StunTransactionId.Create(_entropy));
        writer.AddUsername(
            Encoding.UTF8.GetBytes(GatewayCredentials!.UsernameFragment), Encoding.UTF8.GetBytes(Credentials.UsernameFragment));
        writer.AddUseCandidate();
        writer.AddPriority(uint.MaxValue);
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }

    public void StartDtls(MonotonicTime now) => _dtls.Start(now);

    public void CloseDtls(MonotonicTime now) => _dtls.Close(now);

    /// <summary>Takes a datagram that the peer wants to send of its own accord.</summary>
    public bool TryTakeOutgoing(out byte[]? datagram) => _outgoing.TryDequeue(out datagram);

    public void OnDatagram(byte[] datagram, MonotonicTime now)
    {
        switch (DatagramClassifier.Classify(datagram))
        {
            case DatagramKind.Stun:
                Ice?.OnResponse(datagram);
                break;
            case DatagramKind.Dtls:
                _dtls.OnDatagram(datagram, now);
                break;
            default:
                Media.Add(datagram);
                break;
        }
    }

    /// <summary>A whole RTP packet, protected. Its header must parse; the roll-over counter is the one nearest to the last.</summary>
    public byte[] Protect(ReadOnlySpan<byte> rtp)
    {
        if (!RtpHeader.TryParse(rtp, out RtpHeader header))
            throw new ArgumentException("Not an RTP packet.", nameof(rtp));
        ExtendedSequence index = NextIndex(header);
        byte[] packet = [.. rtp, .. new byte[Sender.RtpOverhead]];
        return packet[..Sender.ProtectRtp(packet, rtp.Length, header.HeaderLength, header.Ssrc, index)];
    }

    /// <summary>A packet of a source of ours, protected.</summary>
    public byte[] CreateMedia(Ssrc ssrc, PayloadType payloadType, ushort sequence, uint timestamp, ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[RtpHeader.FixedLength + payload.Length];
        var writer = new RtpPacketWriter(packet);
        writer.WriteHeader(marker: true, payloadType, new SequenceNumber(sequence), new RtpTimestamp(timestamp), ssrc);
        payload.CopyTo(packet.AsSpan(writer.FinishHeader()));
        return Protect(packet);
    }

    /// <summary>Protects any bytes, at least 8, as an SRTCP packet.</summary>
    public byte[] ProtectRtcp(ReadOnlySpan<byte> rtcp)
    {
        byte[] packet = [.. rtcp, .. new byte[Sender.RtcpOverhead]];
        return packet[..Sender.ProtectRtcp(packet, rtcp.Length)];
    }

    /// <summary>A receiver of what the worker sends that has seen nothing yet.</summary>
    public SrtpReceiver CreateReceiver()
    {
        DtlsHandshakeResult result = Handshake ?? throw new InvalidOperationException("The peer is not connected.");
        return new SrtpReceiver(result.Profile, result.RemoteKey, result.RemoteSalt);
    }

    public void OnDtlsDatagramToSend(ReadOnlySpan<byte> datagram) => _outgoing.Enqueue(datagram.ToArray());

    public void OnDtlsConnected(DtlsHandshakeResult result, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(result);
        Handshake = result;
        _srtpSender = new SrtpSender(result.Profile, result.LocalKey, result.LocalSalt);
    }

    public void OnDtlsApplicationData(ReadOnlySpan<byte> data, MonotonicTime now)
    {
    }

    public void OnDtlsEnded(DtlsEndReason reason)
    {
    }

    public void Dispose()
    {
        _dtls.Dispose();
        _srtpSender?.Dispose();
    }

    private SrtpSender Sender => _srtpSender ?? throw new InvalidOperationException("The peer is not connected.");

    private ExtendedSequence NextIndex(in RtpHeader header)
    {
        var index = new ExtendedSequence(header.SequenceNumber.Value);
        if (_highest.TryGetValue(header.Ssrc, out ExtendedSequence highest))
        {
            ExtendedSequence nearest = ExtendedSequence.Nearest(header.SequenceNumber, highest);
            index = nearest.Value < 0 ? index : nearest;
        }
        if (index >= highest)
            _highest[header.Ssrc] = index;
        return index;
    }
}
