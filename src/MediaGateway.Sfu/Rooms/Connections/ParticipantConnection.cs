using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>
/// One of a participant's connections and what was negotiated on it. The transport lives from the first agreement to the
/// end; later ones change its sections.
/// </summary>
internal abstract class ParticipantConnection
{
    private readonly ulong _sessionId;
    private ulong _sessionVersion;

    protected ParticipantConnection(Participant participant, IRoomHost host)
    {
        Participant = participant;
        Host = host;
        Credentials = host.Transports.CreateCredentials();
        _sessionId = host.Transports.DrawSessionId();
    }

    /// <summary>Peer of the connection; null before the first agreement.</summary>
    public ParticipantPeer? Peer { get; private set; }

    /// <summary>Session that was agreed last; null before the first agreement.</summary>
    public NegotiatedSession? Session { get; private set; }

    protected Participant Participant { get; }

    protected IRoomHost Host { get; }

    /// <summary>Our ICE credentials, as last described.</summary>
    protected IceCredentials Credentials { get; set; }

    protected ulong SessionId => _sessionId;

    /// <summary>Subscriptions wait for a section, or have ended: negotiates again where that is needed.</summary>
    public abstract void OnSubscriptionsChanged(MonotonicTime now);

    public void Close(PeerCloseReason reason, MonotonicTime now) => Peer?.Close(reason, now);

    protected ulong NextSessionVersion() => ++_sessionVersion;

    /// <summary>Makes an agreement effective: the first creates the transport, later ones change it.</summary>
    protected void Apply(SessionDescription remote, NegotiatedSession session, MonotonicTime now)
    {
        if (Peer is null)
        {
            Peer = new ParticipantPeer(Host.NextPeer(), Host.Transports.Create(Credentials, remote, session), Participant);
            Host.Register(Peer, now);
        }
        else
        {
            Peer.Transport.Update(session, now);
            Peer.AfterEvent(now);
        }
        Session = session.Condensed();
    }

    /// <summary>Restarts ICE (RFC 8445 section 9); DTLS and SRTP go on.</summary>
    protected void RestartIce(IceCredentials local, IceCredentials? remote, MonotonicTime now)
    {
        Credentials = local;
        if (Peer is null)
            return;
        Peer.Transport.Ice.Restart(local, remote, now);
        Host.AddUsername(Peer.Id, local.UsernameFragment);
        Peer.AfterEvent(now);
    }

    /// <summary>Starts a subscription whose section the agreement has.</summary>
    protected void Start(TrackSubscription subscription, Mid mid, MonotonicTime now)
    {
        if (Peer!.Transport.Rtp.FindSender(mid) is { } sender)
            subscription.Start(Peer, sender, now);
    }

    protected void Fail(SignalTarget target, NegotiationError error) =>
        Participant.Notify(new RoomNotification.NegotiationFailed(target, error));
}
