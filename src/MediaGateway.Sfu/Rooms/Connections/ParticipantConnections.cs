using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>A participant's media connections: one for both ways, or one for each.</summary>
internal sealed class ParticipantConnections
{
    private readonly ClientOfferedConnection _publisher;

    /// <summary>The connection on which the gateway offers; null when there is one connection for both ways.</summary>
    private readonly GatewayOfferedConnection? _subscriber;

    private Bitrate? _lineCap;

    public ParticipantConnections(Participant participant, IRoomHost host, bool isSingle)
    {
        _publisher = new ClientOfferedConnection(participant, host, carriesSubscriptions: isSingle);
        _subscriber = isSingle ? null : new GatewayOfferedConnection(participant, host);
    }

    /// <summary>The peer that carries subscriptions, and data towards the participant; null before it is negotiated.</summary>
    public ParticipantPeer? Downstream => Receiving.Peer;

    /// <summary>The peer that carries what the participant sends; null before it is negotiated.</summary>
    public ParticipantPeer? Upstream => _publisher.Peer;

    /// <summary>Time at which anything authentic last came from the participant, as far as connectivity checks tell.</summary>
    public MonotonicTime LastCheck =>
        MonotonicTime.Max(Upstream?.Transport.Ice.LastCheck ?? default, Downstream?.Transport.Ice.LastCheck ?? default);

    private ParticipantConnection Receiving => _subscriber is not null ? _subscriber : _publisher;

    /// <summary>Makes the gateway's first offer, where it offers at all.</summary>
    public void Start() => _subscriber?.Start();

    /// <summary>The client's offer for the connection on which it sends.</summary>
    public void OnOffer(uint id, SessionDescription offer, MonotonicTime now) => _publisher.OnOffer(id, offer, now);

    /// <summary>The client's answer for the connection on which the gateway offers.</summary>
    public void OnAnswer(uint id, SessionDescription answer, MonotonicTime now) => _subscriber?.OnAnswer(id, answer, now);

    /// <summary>A candidate of the client's, for information: an ICE-lite agent does not check candidates.</summary>
    public void OnCandidate(SignalTarget target, IceCandidate candidate)
    {
        ParticipantConnection connection = target == SignalTarget.Subscriber ? Receiving : _publisher;
        connection.Peer?.Transport.Ice.AddRemoteCandidate(candidate);
    }

    /// <summary>Subscriptions wait for sections, or have given theirs up.</summary>
    public void OnSubscriptionsChanged(MonotonicTime now) => Receiving.OnSubscriptionsChanged(now);

    /// <summary>Signaling has come back on another connection: what was under way on the lost one begins anew.</summary>
    public void OnResumed(MonotonicTime now)
    {
        _publisher.OnResumed();
        _subscriber?.OnResumed(now);
    }

    /// <summary>Has the line to the participant count as carrying no more than this, from now on; null ends it.</summary>
    public void CapLine(Bitrate? cap, MonotonicTime now)
    {
        _lineCap = cap;
        ApplyLineCap(now);
    }

    /// <summary>One of the connections is connected.</summary>
    public void OnConnected(MonotonicTime now)
    {
        if (_lineCap is not null)
            ApplyLineCap(now);
    }

    /// <summary>Tells whether the gateway opens its data channels on this peer: it does where it offers.</summary>
    public bool IsGatewayOffered(ParticipantPeer peer) => peer == _subscriber?.Peer;

    public void Close(PeerCloseReason reason, MonotonicTime now)
    {
        _publisher.Close(reason, now);
        _subscriber?.Close(reason, now);
    }

    private void ApplyLineCap(MonotonicTime now)
    {
        if (Downstream is not { } peer)
            return;
        peer.Transport.Rtp.Congestion.Cap = _lineCap;
        peer.AfterEvent(now);
    }
}
