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
/// A member of a room that has a client: a signaling session, which may be lost and come back while media goes on, and media
/// connections. What a client sends never makes it throw.
/// </summary>
public sealed class Participant : RoomMember
{
    /// <summary>The longest name, metadata and attributes, characters of all together.</summary>
    public const int MaxMetadataLength = MemberProfile.MaxLength;

    private readonly IRoomHost _host;
    private readonly SubscriptionPermissions _subscribers = new();
    private IParticipantObserver? _observer;
    private MemberProfile _profile;

    /// <summary>Members of other rooms that show this participant there.</summary>
    private ImmutableArray<RemoteMember> _mirrors = [];

    internal Participant(Room room, IRoomHost host, ParticipantOptions options, IParticipantObserver? observer, MonotonicTime now)
        : base(room, host.Entropy, options, ParticipantState.Joined, now)
    {
        _host = host;
        _observer = observer;
        AwaitedSince = now;
        _profile = new MemberProfile(options.Name, options.Metadata, options.Attributes);
        Tracks = new PublishedTracks(this);
        Subscriptions = new SubscriptionSet(this);
        Data = new ParticipantData(this);
        Connections = new ParticipantConnections(this, host, options.SinglePeerConnection);
    }

    public override IEnumerable<TrackPublication> Publications => Tracks.Published;

    /// <summary>Number of the newest reliable data packet taken from this participant; 0 before the first.</summary>
    public uint LastReliableSequence => Data.LastReliableSequence;

    internal override MemberProfile Profile => _profile;

    internal PublishedTracks Tracks { get; }

    internal SubscriptionSet Subscriptions { get; }

    internal ParticipantData Data { get; }

    internal ParticipantConnections Connections { get; }

    internal bool AutoSubscribe => Options.AutoSubscribe;

    internal bool PublishesUnannounced => Options.PublishesUnannounced;

    /// <summary>True when the client's signaling is connected, so that it can be told anything.</summary>
    internal bool HasSignal => _observer is not null;

    /// <summary>Time from which the wait for the client's media counts: when it joined, unless the worker stood still since.</summary>
    internal MonotonicTime AwaitedSince { get; private set; }

    /// <summary>Time at which signaling was lost, or later if the worker stood still since; null while it is connected.</summary>
    internal MonotonicTime? SignalLostAt { get; private set; }

    /// <summary>True when media has been connected once.</summary>
    internal bool WasConnected { get; private set; }

    /// <summary>Measures what the participant receives.</summary>
    public ImmutableArray<SubscriptionStats> MeasureSubscriptions() =>
        [.. Subscriptions.Active.Select(subscription => subscription.Measure())];

    /// <summary>Measures the line over which the participant receives; null before its media is connected.</summary>
    public ParticipantLine? MeasureLine() => WasConnected && Connections.Downstream is { } peer
        ? new ParticipantLine(
            Identity,
            peer.MeasureLine(),
            Subscriptions.Active.Select(subscription => subscription.SentSize.Height).DefaultIfEmpty().Max())
        : null;

    /// <summary>The client's offer for the connection on which it sends.</summary>
    public void OnOffer(uint id, SessionDescription offer, MonotonicTime now)
    {
        if (!IsClosed)
            Connections.OnOffer(id, offer, now);
    }

    /// <summary>The client's answer for the connection on which it receives.</summary>
    public void OnAnswer(uint id, SessionDescription answer, MonotonicTime now)
    {
        if (!IsClosed)
            Connections.OnAnswer(id, answer, now);
    }

    /// <summary>A candidate of the client's, for information: an ICE-lite agent does not check candidates.</summary>
    public void OnCandidate(SignalTarget target, IceCandidate candidate) => Connections.OnCandidate(target, candidate);

    /// <summary>Has the participant's line count as carrying no more than this, to try what happens then; null ends it.</summary>
    public RequestOutcome CapLine(Bitrate? cap, MonotonicTime now)
    {
        if (!_host.Transports.EstimatesBandwidth)
            return RequestOutcome.NotAllowed;
        Connections.CapLine(cap, now);
        return RequestOutcome.Done;
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
        if (publication.Info.Muted == muted)
            return RequestOutcome.Done;
        publication.SetMuted(muted);
        OnTracksChanged(now);
        // Whoever is muted has stopped speaking at once.
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
            Connections.OnSubscriptionsChanged(now);
    }

    public void SetTrackSettings(ImmutableArray<TrackSid> tracks, TrackSettings settings, MonotonicTime now)
    {
        foreach (TrackSid track in tracks)
            Subscriptions.SetSettings(track, settings, now);
    }

    /// <summary>Changes what the participant says about itself.</summary>
    /// <param name="name">Null leaves the name as it is.</param>
    /// <param name="metadata">Null leaves the metadata as it is.</param>
    /// <param name="attributes">Attributes to set; an empty value deletes.</param>
    /// <param name="now">The time.</param>
    public RequestOutcome UpdateMetadata(string? name, string? metadata, IReadOnlyDictionary<string, string> attributes, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        if (_profile.With(name, metadata, attributes) is not { } changed)
            return RequestOutcome.LimitExceeded;
        _profile = changed;
        OnChanged(now);
        return RequestOutcome.Done;
    }

    /// <summary>Sets who may subscribe to this participant's tracks.</summary>
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
        OnChanged(now);
    }

    /// <summary>Signaling has come back, on another connection: tells it all there is to know.</summary>
    public void Resume(IParticipantObserver observer, MonotonicTime now)
    {
        if (IsClosed)
            return;
        _observer?.OnNotification(new RoomNotification.Superseded());
        _observer = observer;
        SignalLostAt = null;
        if (Permissions != Options.Permissions)
            Notify(new RoomNotification.PermissionsChanged(Permissions));
        Notify(new RoomNotification.ParticipantsChanged([Snapshot(), .. Room.VisibleTo(this)]));
        Notify(new RoomNotification.RoomChanged(Room.Snapshot()));
        Room.Speakers.Announce(this);
        Room.Qualities.Announce(this);
        Subscriptions.TellStates(anew: true);
        Connections.OnResumed(now);
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

    internal void OnStandstill(TimeSpan time)
    {
        AwaitedSince += time;
        SignalLostAt += time;
    }

    /// <summary>Sends the participant elsewhere: its client joins again, with this token.</summary>
    public void Move(string token, MonotonicTime now) =>
        Leave(new RoomNotification.Left(DisconnectReason.Moved, LeaveAction.Reconnect) { Token = token }, now);

    internal override bool Permits(Participant subscriber, TrackPublication track) => _subscribers.Allow(subscriber, track.Sid);

    /// <summary>Tells the client something; what is told while signaling is lost is lost, and told anew at a resume.</summary>
    internal void Notify(RoomNotification notification) => _observer?.OnNotification(notification);

    /// <summary>A member of another room shows this participant from now on.</summary>
    internal void Add(RemoteMember mirror) => _mirrors = _mirrors.Add(mirror);

    internal void Remove(RemoteMember mirror) => _mirrors = _mirrors.Remove(mirror);

    internal override void Start(MonotonicTime now)
    {
        foreach (TrackPublication track in Room.PublishedTracks)
            Subscriptions.Consider(track, now);
        Connections.Start();
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
            Connections.OnSubscriptionsChanged(now);
    }

    internal void Unsubscribe(TrackSubscription subscription, MonotonicTime now)
    {
        Subscriptions.End(subscription, now);
        if (!IsClosed)
            Connections.OnSubscriptionsChanged(now);
    }

    internal LocalSource CreateSource(TrackPublication track) =>
        _host.Transports.CreateSource(track.Kind, $"{track.Publisher.Sid}|{track.Sid}", track.Sid.Value);

    internal void OnConnected(ParticipantPeer peer, MonotonicTime now)
    {
        WasConnected = true;
        Connections.OnConnected(now);
        if (State == ParticipantState.Joined)
        {
            State = ParticipantState.Active;
            OnChanged(now);
        }
        if (Connections.IsGatewayOffered(peer))
            Data.OpenChannels(peer, now);
    }

    internal void OnConnectionClosed(PeerCloseReason reason, MonotonicTime now)
    {
        // A page that was closed says so on its media connection; its signaling just ends.
        DisconnectReason why = reason == PeerCloseReason.ClosedByPeer && !HasSignal
            ? DisconnectReason.ClientInitiated
            : CloseReasons.ToDisconnect(reason);
        Leave(why, LeaveAction.Reconnect, now);
    }

    internal override void OnRemoved(MonotonicTime now)
    {
        foreach (string label in Data.OwnLabels.Distinct().ToImmutableArray())
            Room.Data.OnChannelGone(label, now);
        Room.Qualities.Forget(this);
        foreach (RemoteMember mirror in _mirrors)
            mirror.OnOriginLeft(now);
    }

    private protected override void OnChanged(MonotonicTime now)
    {
        base.OnChanged(now);
        foreach (RemoteMember mirror in _mirrors)
            mirror.OnOriginChanged(now);
    }

    private protected override void OnLeaving(RoomNotification.Left left, MonotonicTime now)
    {
        Subscriptions.EndAll(now);
        Tracks.EndAll(now);
        Connections.Close(CloseReasons.ToTransport(left.Reason), now);
        Notify(left);
        _observer = null;
    }

    private protected override ParticipantInfo Describe(ParticipantInfo info) =>
        info with { ClientProtocol = Options.ClientProtocol, Capabilities = Options.Capabilities };
}
