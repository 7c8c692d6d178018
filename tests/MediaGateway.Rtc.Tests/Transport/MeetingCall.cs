using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>A client and a gateway with one transport between them, in virtual time and without loss.</summary>
internal sealed class MeetingCall : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly SeededEntropy _entropy = new(8829);

    public MeetingCall()
    {
        Client = new MeetingPeer(new NetworkPath(new EndpointId(0), TransportAddress.FromIPv4(0xC000_0201, 1000)), isLite: false, _entropy);
        Gateway = new MeetingPeer(new NetworkPath(new EndpointId(0), TransportAddress.FromIPv4(0xC633_6401, 7882)), isLite: true, _entropy);
    }

    public MeetingPeer Client { get; }

    public MeetingPeer Gateway { get; }

    public MonotonicTime Now { get; private set; } = MonotonicTime.Zero + TimeSpan.FromSeconds(1);

    /// <summary>RTCP and RTP from the gateway since the last time this was emptied, still protected.</summary>
    public List<byte[]> FromGateway { get; } = [];

    /// <summary>A section of an offer; it sends when it has a source.</summary>
    public static OfferedMedia Section(string mid, MediaKind kind, uint? source = null, bool receives = false) => new()
    {
        Mid = new Mid(mid),
        Kind = kind,
        Direction = (source is null ? MediaDirection.Inactive : MediaDirection.Send)
            | (receives ? MediaDirection.Receive : MediaDirection.Inactive),
        Codecs = kind == MediaKind.Audio
            ? [new RtpCodec(CodecKind.Opus, default, 48_000, 2, "", null, RtcpFeedbackKinds.None)]
            : [new RtpCodec(CodecKind.Vp8, default, 90_000, 1, "", default(PayloadType), RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli)],
        Extensions = [HeaderExtensionKind.Mid],
        Source = source is { } ssrc ? Source(ssrc, kind) : null,
    };

    public static LocalSource Source(uint ssrc, MediaKind kind) =>
        new(new Ssrc(ssrc), kind == MediaKind.Video ? new Ssrc(ssrc + 1) : null, "meeting", $"PA_{ssrc}|TR_{ssrc}", $"TR_{ssrc}");

    /// <summary>The client offers; the gateway takes what is sent, and sends what it is told by section.</summary>
    public void ClientOffers(OfferedMedia[] media, params (string Mid, uint Source)[] sources)
    {
        SessionDescription offer = Client.Offer(media);
        SessionDescription answer = Gateway.Answer(offer, section => new SectionDecision(true, SourceOf(section, sources)), Now);
        Client.Accept(offer, answer, Now);
    }

    /// <summary>The gateway offers; the client takes what is sent.</summary>
    public void GatewayOffers(params OfferedMedia[] media)
    {
        SessionDescription offer = Gateway.Offer(media);
        Gateway.Accept(offer, Client.Answer(offer, _ => new SectionDecision(true, null), Now), Now);
    }

    /// <summary>Checks flow and timers run until the time has passed.</summary>
    public void Run(TimeSpan time)
    {
        for (MonotonicTime end = Now + time; Now < end; Now += Step)
        {
            Deliver();
            foreach (MeetingPeer peer in (MeetingPeer[])[Client, Gateway])
            {
                peer.Peer.OnTimeout(Now);
            }
            Deliver();
        }
    }

    /// <summary>One check with any credentials, beside those that the client's agent sends by itself.</summary>
    public bool Check(IceCredentials sender, MeetingPeer receiver, MeetingPeer from)
    {
        var ice = new TestIceClient(sender, receiver.Credentials, _entropy, priority: 1);
        byte[] check = new byte[TestIceClient.MaxCheckLength];
        int length = ice.WriteCheckAs(check, sender, receiver.Credentials, nominate: true);
        return receiver.Transport.OnStun(check.AsSpan(0, length), from.Path, Now);
    }

    public void Deliver()
    {
        while (Client.Outgoing.Count + Gateway.Outgoing.Count > 0)
        {
            if (Client.Outgoing.TryDequeue(out byte[]? up))
                Deliver(up, Gateway, Client.Path);
            if (Gateway.Outgoing.TryDequeue(out byte[]? down))
            {
                FromGateway.Add([.. down]);
                Deliver(down, Client, Gateway.Path);
            }
        }
    }

    /// <summary>Takes what RTCP the gateway has sent, each compound in clear.</summary>
    public List<byte[]> TakeRtcp()
    {
        using var receiver =
            new SrtpReceiver(Client.Handshake!.Profile, Client.Handshake.RemoteKey, Client.Handshake.RemoteSalt, maxSources: 1024);
        List<byte[]> compounds = [];
        foreach (byte[] datagram in FromGateway.Where(datagram => DatagramClassifier.Classify(datagram) == DatagramKind.Rtcp))
        {
            Assert.Equal(DropReason.None, receiver.UnprotectRtcp(datagram, out int length));
            compounds.Add(datagram[..length]);
        }
        FromGateway.Clear();
        return compounds;
    }

    public void Dispose()
    {
        Client.Dispose();
        Gateway.Dispose();
    }

    private void Deliver(byte[] datagram, MeetingPeer to, in NetworkPath from) => to.Peer.OnDatagram(datagram, from, Now);

    private static LocalSource? SourceOf(OfferedSection section, (string Mid, uint Source)[] sources)
    {
        foreach ((string mid, uint source) in sources)
        {
            if (section.Mid.Value == mid)
                return Source(source, section.Kind);
        }
        return null;
    }
}
