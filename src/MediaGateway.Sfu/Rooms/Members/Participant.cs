using System.Collections.Immutable;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>
/// A member of a room. Its signaling may be lost and come back while media goes on; it ends once, with a reason. What a
/// client sends never makes it throw.
/// </summary>
public sealed class Participant
{
    /// <summary>Metadata and attributes are copied to everybody.</summary>
    public const int MaxMetadataLength = 64 * 1024;

    private readonly ParticipantOptions _options;
    private readonly IRoomHost _host;
    private readonly ClientOfferedConnection _publisher;
    private readonly GatewayOfferedConnection? _subscriber;
    private readonly SubscriptionPermissions _subscribers = new();
    private IParticipantObserver? _observer;
    private ParticipantInfo? _snapshot;
    private ParticipantState _state;
    private ParticipantInfo? _followed;
    private string _name;
    private string _metadata;
    private ImmutableDictionary<string, string> _attributes;
    private int _version;

    internal Participant(Room room, IRoomHost host, ParticipantOptions options, IParticipantObserver? observer, MonotonicTime now)
    {
        Room = room;
        _host = host;
        _options = options;
        _observer = observer;
        _name = options.Name;
        _metadata = options.Metadata;
        _attributes = options.Attributes;
        Permissions = options.Permissions;
        _state = options.Origin is null ? ParticipantState.Joined : ParticipantState.Active;
        Sid = SidFactory.Participant(host.Entropy);
        JoinedAt = now;
        Tracks = new PublishedTracks(this);
        Subscriptions = new SubscriptionSet(this);
        Data = new ParticipantData(this);
        _publisher = new ClientOfferedConnection(this, host, carriesSubscriptions: options.SinglePeerConnection);
        _subscriber = options.SinglePeerConnection ? null : new GatewayOfferedConnection(this, host);
    }

    public ParticipantSid Sid { get; }

    public string Identity => _options.Identity;

    public Room Room { get; }

    /// <summary>Whom it shows here, when it is a participant of another room; null otherwise.</summary>
    public Participant? Origin => _options.Origin;

    public ParticipantPermissions Permissions { get; private set; }

    public MonotonicTime JoinedAt { get; }

    public bool IsClosed => _state == ParticipantState.Disconnected;

    public DisconnectReason CloseReason { get; private set; }

    /// <summary>Tracks that others can subscribe to.</summary>
    public IEnumerable<TrackPublication> Publications => Tracks.Published;

    /// <summary>The newest reliable data packet taken from this participant; 0 before the first.</summary>
    public uint LastReliableSequence => Data.LastReliableSequence;

    internal PublishedTracks Tracks { get; }

    internal SubscriptionSet Subscriptions { get; }

    internal ParticipantData Data { get; }

    internal bool AutoSubscribe => _options.AutoSubscribe;

    internal bool PublishesUnannounced => _options.PublishesUnannounced;

    /// <summary>Whether there is anyone to tell something.</summary>
    internal bool HasSignal => _observer is not null;

    /// <summary>When it was last among the active speakers; null before the first time.</summary>
    internal MonotonicTime? LastSpoke { get; set; }

    /// <summary>Null while there is.</summary>
    internal MonotonicTime? SignalLostAt { get; private set; }

    /// <summary>Media has been connected once.</summary>
    internal bool WasConnected { get; private set; }

    /// <summary>When anything authentic last came from it, as far as connectivity checks tell.</summary>
    internal MonotonicTime LastCheck =>
        MonotonicTime.Max(Upstream?.Transport.Ice.LastCheck ?? default, Downstream?.Transport.Ice.LastCheck ?? default);

    /// <summary>What carries subscriptions, and data towards the participant; null before it is negotiated.</summary>
    internal ParticipantPeer? Downstream => Receiving.Peer;

    internal ParticipantPeer? Upstream => _publisher.Peer;

    private ParticipantConnection Receiving => _subscriber is not null ? _subscriber : _publisher;

    public ParticipantInfo Snapshot() => _snapshot ??= new ParticipantInfo
    {
        Sid = Sid,
        Identity = Identity,
        Name = _name,
        Metadata = _metadata,
        Attributes = _attributes,
        Kind = _options.Kind,
        State = _state,
        Permissions = Permissions,
        JoinedAt = Room.UnixTime(JoinedAt),
        Tracks = [.. Tracks.Published.Select(track => track.Info)],
        IsPublisher = Tracks.Published.Any(),
        Version = _version,
        DisconnectReason = CloseReason,
        ForwardedFrom = Origin?.Room.Name ?? "",
        ClientProtocol = _options.ClientProtocol,
        Capabilities = _options.Capabilities,
    };

    /// <summary>What it receives, with its numbers.</summary>
    public ImmutableArray<SubscriptionStats> MeasureSubscriptions() => [.. Subscriptions.Active.Select(subscription => subscription.Measure())];

    /// <summary>The client's offer for the connection on which it sends.</summary>
    public void OnOffer(uint id, SessionDescription offer, MonotonicTime now)
    {
        if (!IsClosed)
            _publisher.OnOffer(id, offer, now);
    }

    /// <summary>The client's answer for the connection on which it receives.</summary>
    public void OnAnswer(uint id, SessionDescription answer, MonotonicTime now)
    {
        if (!IsClosed)
            _subscriber?.OnAnswer(id, answer, now);
    }

    /// <summary>For information: an ICE-lite agent does not check candidates.</summary>
    public void OnCandidate(SignalTarget target, IceCandidate candidate)
    {
        ParticipantConnection connection = target == SignalTarget.Subscriber ? Receiving : _publisher;
        connection.Peer?.Transport.Ice.AddRemoteCandidate(candidate);
    }

    /// <summary>Announces a track; the answer is <see cref="RoomNotification.TrackPublished"/>.</summary>
    public RequestOutcome AddTrack(TrackRequest request, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(request);
        return IsClosed ? RequestOutcome.NotAllowed : Tracks.Add(request, now);
    }

    public RequestOutcome SetMuted(TrackSid track, bool muted, MonotonicTime now)
    {
        if (Tracks.Find(track) is not { } publication)
            return RequestOutcome.NotFound;
        if (Origin is not null)
            return RequestOutcome.NotAllowed;
        if (publication.Info.Muted == muted)
            return RequestOutcome.Done;
        publication.SetMuted(muted);
        OnTracksChanged();
        // Who is muted has stopped speaking at once.
        Room.Speakers.Update(now);
        return RequestOutcome.Done;
    }

    /// <summary>Mutes or unmutes a track from outside, and tells the client.</summary>
    public RequestOutcome RequireMuted(TrackSid track, bool muted, MonotonicTime now)
    {
        RequestOutcome outcome = SetMuted(track, muted, now);
        if (outcome == RequestOutcome.Done)
            Notify(new RoomNotification.MuteRequired(track, muted));
        return outcome;
    }

    public void SetSubscriptions(ImmutableArray<TrackSid> tracks, bool subscribe, MonotonicTime now)
    {
        bool isChanged = false;
        foreach (TrackSid sid in tracks)
        {
            Subscriptions.SetWish(sid, subscribe);
            if (Room.FindTrack(sid) is { } track)
                isChanged |= Subscriptions.Consider(track, now);
            else if (subscribe)
                Notify(new RoomNotification.SubscriptionFailed(sid, CodecUnsupported: false));
        }
        if (isChanged)
            Receiving.OnSubscriptionsChanged(now);
    }

    public void SetTrackSettings(ImmutableArray<TrackSid> tracks, TrackSettings settings, MonotonicTime now)
    {
        foreach (TrackSid track in tracks)
            Subscriptions.SetSettings(track, settings, now);
    }

    /// <param name="name">Null leaves it.</param>
    /// <param name="metadata">Null leaves it.</param>
    /// <param name="attributes">An empty value deletes.</param>
    public RequestOutcome UpdateMetadata(string? name, string? metadata, IReadOnlyDictionary<string, string> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ImmutableDictionary<string, string> merged = _attributes
            .SetItems(attributes)
            .RemoveRange(attributes.Where(pair => pair.Value.Length == 0).Select(pair => pair.Key));
        if ((name ?? _name).Length + (metadata ?? _metadata).Length + merged.Sum(pair => pair.Key.Length + pair.Value.Length) > MaxMetadataLength)
            return RequestOutcome.LimitExceeded;
        _name = name ?? _name;
        _metadata = metadata ?? _metadata;
        _attributes = merged;
        Changed();
        return RequestOutcome.Done;
    }

    /// <summary>Who may subscribe to this participant's tracks.</summary>
    public void SetSubscriptionPermissions(bool allParticipants, ImmutableArray<TrackPermission> permissions, MonotonicTime now)
    {
        _subscribers.Set(allParticipants, permissions);
        foreach (Participant other in Room.Participants)
            other.OnRightsChanged(Tracks.Published, now);
    }

    /// <summary>Changes what the participant may do, at once.</summary>
    public void SetPermissions(ParticipantPermissions permissions, MonotonicTime now)
    {
        bool wasHidden = Permissions.Hidden;
        Permissions = permissions;
        Tracks.OnPermissionsChanged(now);
        if (wasHidden != permissions.Hidden)
            Room.OnVisibilityChanged(this, now);
        OnRightsChanged(Room.PublishedTracks, now);
        Notify(new RoomNotification.PermissionsChanged(permissions));
        Changed();
    }

    /// <summary>Signaling has come back, on another connection: tells it all there is to know.</summary>
    public void Resume(IParticipantObserver observer, MonotonicTime now)
    {
        if (IsClosed)
            return;
        _observer?.OnNotification(new RoomNotification.Superseded());
        _observer = observer;
        SignalLostAt = null;
        if (Permissions != _options.Permissions)
            Notify(new RoomNotification.PermissionsChanged(Permissions));
        Notify(new RoomNotification.ParticipantsChanged([Snapshot(), .. Room.VisibleTo(this)]));
        Notify(new RoomNotification.RoomChanged(Room.Snapshot()));
        Room.Speakers.Announce(this);
        Room.Qualities.Announce(this);
        Subscriptions.TellStates(anew: true);
        _publisher.OnResumed();
        _subscriber?.OnResumed(now);
    }

    /// <summary>The client says what it knows; true when it fits.</summary>
    public bool OnSyncState(SyncState state, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (IsClosed)
            return false;
        if (state.PublishedTracks.Any(track => Tracks.Find(track) is null))
        {
            Leave(DisconnectReason.StateMismatch, LeaveAction.Reconnect, now);
            return false;
        }
        SetSubscriptions(state.Subscriptions, subscribe: !AutoSubscribe, now);
        foreach (TrackSid track in state.DisabledTracks)
            Subscriptions.SetSettings(track, (Subscriptions.Find(track)?.Settings ?? TrackSettings.Default) with { Disabled = true }, now);
        Room.Data.Replay(this, state.LastReceivedSequences, now);
        return true;
    }

    /// <summary>Signaling is gone. Media goes on, if there is any; does nothing when another connection took over.</summary>
    public void OnSignalLost(IParticipantObserver observer, MonotonicTime now)
    {
        if (IsClosed || observer != _observer)
            return;
        _observer = null;
        SignalLostAt = now;
        if (!WasConnected)
            Leave(DisconnectReason.SignalClose, LeaveAction.Disconnect, now);
    }

    /// <summary>Sends the participant elsewhere: its client joins again, with this token.</summary>
    public void Move(string token, MonotonicTime now) => Leave(new RoomNotification.Left(DisconnectReason.Moved, LeaveAction.Reconnect) { Token = token }, now);

    /// <summary>Ends the participant. The first reason stays.</summary>
    public void Leave(DisconnectReason reason, LeaveAction action, MonotonicTime now) => Leave(new RoomNotification.Left(reason, action), now);

    /// <summary>Whether somebody may have anything of this participant's at all.</summary>
    internal bool IsOpenTo(Participant subscriber) => !IsClosed && !Permissions.Hidden && subscriber.Permissions.CanSubscribe;

    /// <summary>Whether this participant lets somebody have one of its tracks.</summary>
    internal bool Permits(Participant subscriber, TrackPublication track) => _subscribers.Allow(subscriber, track.Sid);

    internal void Notify(RoomNotification notification) => _observer?.OnNotification(notification);

    /// <summary>Shows what the origin has become, and ends with it.</summary>
    internal void Follow(MonotonicTime now)
    {
        if (Origin!.IsClosed)
        {
            Leave(Origin.CloseReason, LeaveAction.Disconnect, now);
            return;
        }
        ParticipantInfo told = Origin.Snapshot();
        if (ReferenceEquals(told, _followed))
            return;
        _followed = told;
        (_name, _metadata, _attributes) = (told.Name, told.Metadata, told.Attributes);
        Tracks.Mirror([.. Origin.Publications], now);
        Changed();
    }

    /// <summary>Called once, after everybody knows of the participant.</summary>
    internal void Start(MonotonicTime now)
    {
        foreach (TrackPublication track in Room.PublishedTracks)
            Subscriptions.Consider(track, now);
        if (_subscriber is not null)
            _subscriber.Start();
    }

    /// <summary>A track was published, or the right to one has changed.</summary>
    internal void OnRightsChanged(IEnumerable<TrackPublication> tracks, MonotonicTime now)
    {
        bool isChanged = false;
        foreach (TrackPublication track in tracks.ToImmutableArray())
        {
            if (track.Publisher == this || !Subscriptions.Consider(track, now))
                continue;
            isChanged = true;
        }
        if (isChanged)
            Receiving.OnSubscriptionsChanged(now);
    }

    internal void Unsubscribe(TrackSubscription subscription, MonotonicTime now)
    {
        Subscriptions.End(subscription, now);
        if (!IsClosed)
            Receiving.OnSubscriptionsChanged(now);
    }

    internal LocalSource CreateSource(TrackPublication track) =>
        _host.Transports.CreateSource(track.Kind, $"{track.Publisher.Sid}|{track.Sid}", track.Sid.Value);

    internal void OnTracksChanged()
    {
        Changed();
        Room.OnPublishersChanged();
    }

    internal void OnConnected(ParticipantPeer peer, MonotonicTime now)
    {
        WasConnected = true;
        if (_state == ParticipantState.Joined)
        {
            _state = ParticipantState.Active;
            Changed();
        }
        if (_subscriber is not null && peer == _subscriber.Peer)
            Data.OpenChannels(peer, now);
    }

    internal void OnConnectionClosed(PeerCloseReason reason, MonotonicTime now)
    {
        DisconnectReason why = reason switch
        {
            PeerCloseReason.IceTimeout => DisconnectReason.JoinFailure,
            PeerCloseReason.ConsentExpired => DisconnectReason.ConnectionTimeout,
            PeerCloseReason.ShuttingDown => DisconnectReason.ServerShutdown,
            PeerCloseReason.InternalError => DisconnectReason.InternalError,
            // A page that was closed says so on its media connection; its signaling just ends.
            PeerCloseReason.ClosedByPeer when !HasSignal => DisconnectReason.ClientInitiated,
            _ => DisconnectReason.MediaFailure,
        };
        Leave(why, LeaveAction.Reconnect, now);
    }

    private void Leave(RoomNotification.Left left, MonotonicTime now)
    {
        if (IsClosed)
            return;
        _state = ParticipantState.Disconnected;
        CloseReason = left.Reason;
        Subscriptions.EndAll(now);
        Tracks.EndAll(now);
        PeerCloseReason transportReason = left.Reason switch
        {
            DisconnectReason.ServerShutdown => PeerCloseReason.ShuttingDown,
            DisconnectReason.DuplicateIdentity => PeerCloseReason.Replaced,
            DisconnectReason.InternalError => PeerCloseReason.InternalError,
            _ => PeerCloseReason.ClosedByClient,
        };
        _publisher.Close(transportReason, now);
        _subscriber?.Close(transportReason, now);
        Notify(left);
        _observer = null;
        _version++;
        _snapshot = null;
        Room.OnLeft(this, now);
    }

    private void Changed()
    {
        _version++;
        _snapshot = null;
        Room.OnParticipantChanged(this);
    }
}
