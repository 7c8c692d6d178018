using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.TestClient;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Rooms;

/// <summary>
/// One of a participant's peer connections, on a host of its own. What is negotiated on it, and what comes out of it, is the
/// participant's business.
/// </summary>
public sealed class TestConnection : IDatapathHandler, IMediaHandler, IDataHandler, IDisposable
{
    /// <summary>The clock of every client.</summary>
    internal static readonly NtpClock Clock = new(new NtpTime(0xD000_0000_0000_0000));

    private readonly TestMeeting _meeting;
    private readonly TestParticipant _owner;
    private readonly IDtlsContext _dtls;
    private readonly ClientPeer _peer;

    internal TestConnection(TestMeeting meeting, TestParticipant owner)
    {
        _meeting = meeting;
        _owner = owner;
        _dtls = new SimulatedDtlsContext(meeting.Gateway.Entropy);
        Host = meeting.Gateway.AddHost(meeting.Link);
        _peer = new ClientPeer(new ClientPeerOptions { Clock = Clock, CanonicalName = owner.Identity }, _dtls, meeting.Gateway.Entropy);
    }

    public SimulatedHost Host { get; }

    public NegotiatedSession? Session => _peer.Session;

    /// <summary>The transport; null before the first agreement.</summary>
    public PeerTransport? Transport => Session is null ? null : _peer.Transport;

    /// <summary>Counters of what the client dropped.</summary>
    public DropCounters Drops { get; } = new();

    public bool IsConnected => _peer.IsConnected;

    /// <summary>The transport as an offer states it.</summary>
    public LocalTransport Local => _peer.Local;

    /// <summary>Restarts ICE at the next agreement.</summary>
    public void RestartIce() => _peer.RestartIce();

    /// <summary>Makes an agreement effective.</summary>
    public void Apply(NegotiatedSession session, MonotonicTime now)
    {
        bool isNew = Session is null;
        _peer.Apply(session, now);
        if (isNew)
        {
            _peer.Attach(Host, this, this, Drops, now);
            Host.Start(this);
        }
        else
        {
            Host.Wake();
        }
    }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now) => _peer.OnDatagram(datagram, path, now);

    public MonotonicTime OnTick(MonotonicTime now)
    {
        _peer.OnTimeout(now);
        MonotonicTime media = IsConnected ? _owner.OnMediaTick(this, now) : MonotonicTime.Never;
        return MonotonicTime.Min(_peer.NextDeadline, media);
    }

    public void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now) => _owner.OnMedia(this, packet, now);

    public void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now) => _owner.FindEncoding(sender)?.Resend(sender, lost, now);

    public void OnKeyFrameRequest(RtpSender sender, MonotonicTime now) => _owner.FindEncoding(sender)?.RequestKeyFrame();

    public void OnDataChannelOpened(DataChannel channel, MonotonicTime now) => _owner.OnDataChannel(channel);

    public void OnDataMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now) =>
        _owner.OnData(channel, message);

    public void OnDataChannelClosed(DataChannel channel, MonotonicTime now) => _owner.ClosedChannels.Add(channel.Label);

    /// <summary>The page is closed: DTLS says so.</summary>
    public void Close(MonotonicTime now) => _peer.Close(now);

    /// <summary>The machine is gone.</summary>
    public void Vanish() => _meeting.Network.Remove(Host);

    public void Dispose()
    {
        _peer.Dispose();
        _dtls.Dispose();
    }
}
