using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Testing.Rooms;

/// <summary>
/// One of a participant's peer connections: the gateway's own transport with a controlling ICE client before it, on a host
/// of its own. What is negotiated on it, and what comes out of it, is the participant's business.
/// </summary>
public sealed class TestConnection : IDatapathHandler, IMediaHandler, IDataHandler, IDisposable
{
    /// <summary>Every client's.</summary>
    internal static readonly NtpClock Clock = new(new NtpTime(0xD000_0000_0000_0000));

    private const uint Priority = 2_130_706_431;

    private readonly TestMeeting _meeting;
    private readonly TestParticipant _owner;
    private readonly IDtlsContext _dtls;
    private readonly IDatagramSender _datagrams;
    private readonly NetworkPath _gateway;
    private TestIceClient? _ice;
    private IceCredentials? _remote;

    internal TestConnection(TestMeeting meeting, TestParticipant owner)
    {
        _meeting = meeting;
        _owner = owner;
        _dtls = new SimulatedDtlsContext(meeting.Gateway.Entropy);
        Host = meeting.Gateway.AddHost(meeting.Link);
        _datagrams = new WithoutStunAnswers(Host);
        _gateway = new NetworkPath(0, meeting.Gateway.Host.Address);
        Credentials = IceCredentials.Create(meeting.Gateway.Entropy);
    }

    public SimulatedHost Host { get; }

    /// <summary>Ours; another pair restarts ICE at the next agreement.</summary>
    public IceCredentials Credentials { get; private set; }

    public NegotiatedSession? Session { get; private set; }

    public PeerTransport? Transport { get; private set; }

    /// <summary>What it could not take.</summary>
    public DropCounters Drops { get; } = new();

    public bool IsConnected => Transport?.State == PeerTransportState.Connected;

    public LocalTransport Local => new(Credentials.UsernameFragment, Credentials.Password, _dtls.Fingerprint, []) { IsIceLite = false };

    public void RestartIce() => Credentials = IceCredentials.Create(_meeting.Gateway.Entropy);

    /// <summary>Makes an agreement effective.</summary>
    public void Apply(NegotiatedSession session, MonotonicTime now)
    {
        var remote = new IceCredentials(session.Ice.UsernameFragment, session.Ice.Password);
        bool isNew = Transport is null;
        Session = session;
        if (Transport is null)
        {
            var options = new PeerTransportOptions
            {
                LocalIce = Credentials,
                Rtp = new RtpSessionOptions { Clock = Clock, CanonicalName = _owner.Identity },
            };
            Transport = new PeerTransport(options, session, _dtls, _meeting.Gateway.Entropy);
            Transport.Attach(_datagrams, this, this, Drops, now);
        }
        else
        {
            if (Transport.Ice.LocalCredentials != Credentials)
                Transport.Ice.Restart(Credentials, remote, now);
            Transport.Update(session, now);
        }
        if (isNew || remote != _remote || _ice is null)
            _ice = new TestIceClient(Credentials, remote, _meeting.Gateway.Entropy, Priority);
        _remote = remote;
        if (isNew)
            Host.Start(this);
        else
            Host.Wake();
    }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        DatagramKind kind = DatagramClassifier.Classify(datagram);
        if (kind != DatagramKind.Stun)
            Transport!.OnDatagram(datagram, kind, path, now);
        else if (_ice!.OnResponse(datagram))
            TellPath(now);
    }

    public MonotonicTime OnTick(MonotonicTime now)
    {
        if (Transport is null || Transport.State == PeerTransportState.Closed)
            return MonotonicTime.Never;
        if (_ice!.NextCheck <= now)
            _datagrams.Commit(_ice.WriteCheck(_datagrams.Reserve(), nominate: true, now), _gateway);
        if (Transport.NextDeadline <= now)
            Transport.OnTimeout(now);
        MonotonicTime media = IsConnected ? _owner.OnMediaTick(this, now) : MonotonicTime.Never;
        return MonotonicTime.Min(MonotonicTime.Min(_ice.NextCheck, Transport.NextDeadline), media);
    }

    public void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now) => _owner.OnMedia(this, packet, now);

    public void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now) => _owner.FindEncoding(sender)?.Resend(sender, lost, now);

    public void OnKeyFrameRequest(RtpSender sender, MonotonicTime now) => _owner.FindEncoding(sender)?.RequestKeyFrame();

    public void OnDataChannelOpened(DataChannel channel, MonotonicTime now) => _owner.OnDataChannel(channel);

    public void OnDataMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now) =>
        _owner.OnData(channel, message);

    public void OnDataChannelClosed(DataChannel channel, MonotonicTime now) => _owner.ClosedChannels.Add(channel.Label);

    /// <summary>The page is closed: DTLS says so.</summary>
    public void Close(MonotonicTime now) => Transport?.Close(PeerCloseReason.ClosedByPeer, now);

    /// <summary>The machine is gone.</summary>
    public void Vanish() => _meeting.Network.Remove(Host);

    public void Dispose()
    {
        Transport?.Dispose();
        _dtls.Dispose();
    }

    /// <summary>
    /// Our transport's ICE agent is a lite one, which never sends first: a check in the gateway's name tells it
    /// that the path is good.
    /// </summary>
    private void TellPath(MonotonicTime now)
    {
        Span<byte> check = stackalloc byte[TestIceClient.MaxCheckLength];
        int length = _ice!.WriteCheckAs(check, _remote!, Credentials, nominate: true);
        Transport!.OnStun(check[..length], _gateway, now);
    }
}
