using System.Collections.Immutable;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>
/// A connection on which only the client offers: the publisher's of two, or the only one. On the only one subscriptions
/// are given sections that the client offers to receive on; when there are too few, it is asked for more.
/// </summary>
internal sealed class ClientOfferedConnection : ParticipantConnection
{
    private readonly bool _carriesSubscriptions;
    private readonly Dictionary<Mid, TrackSubscription> _assigned = [];
    private ImmutableArray<OfferedSection> _sections = [];
    private bool _sectionsRequested;

    public ClientOfferedConnection(Participant participant, IRoomHost host, bool carriesSubscriptions)
        : base(participant, host) => _carriesSubscriptions = carriesSubscriptions;

    public void OnOffer(uint id, SessionDescription offer, MonotonicTime now)
    {
        bool restarts = Session is not null && SessionNegotiator.IsIceRestart(Session, offer);
        IceCredentials local = restarts ? Host.Transports.CreateCredentials() : Credentials;
        var plan = new SectionPlan(Participant, _carriesSubscriptions ? _assigned : null);
        if (!SessionNegotiator.TryAnswer(offer, PolicyFor(local, plan), out NegotiatedSession? session, out NegotiationError? error))
        {
            Fail(SignalTarget.Publisher, error);
            return;
        }
        Apply(offer, session, now);
        if (restarts)
            RestartIce(local, new IceCredentials(session.Ice.UsernameFragment, session.Ice.Password), now);
        _sections = plan.Sections;
        _sectionsRequested = false;
        Assign(plan, now);
        Participant.Notify(new RoomNotification.Answered(id, session.LocalDescription, TracksByMid()));
        Participant.Tracks.OnNegotiated(Peer!, session, plan, now);
        foreach ((Mid mid, TrackSubscription subscription) in _assigned)
            Start(subscription, mid, now);
        Peer!.AfterEvent(now);
        OnSubscriptionsChanged(now);
    }

    /// <summary>Asks the client for an offer when a subscription waits for a section, or one that ended still has one.</summary>
    public override void OnSubscriptionsChanged(MonotonicTime now)
    {
        if (!_carriesSubscriptions || _sectionsRequested || Session is null || !Participant.HasSignal)
            return;
        ImmutableArray<TrackSubscription> waiting = [.. Participant.Subscriptions.Waiting];
        if (waiting.IsEmpty && !_assigned.Values.Any(subscription => subscription.IsEnded))
            return;
        _sectionsRequested = true;
        Participant.Notify(
            new RoomNotification.MediaSectionsRequired(Missing(waiting, MediaKind.Audio), Missing(waiting, MediaKind.Video)));
    }

    /// <summary>Signaling has come back: sections that were asked for before have to be asked for again.</summary>
    public void OnResumed() => _sectionsRequested = false;

    private AnswerPolicy PolicyFor(IceCredentials local, SectionPlan plan) => new()
    {
        Transport = Host.Transports.Describe(local, Host.Candidates),
        SessionId = SessionId,
        SessionVersion = NextSessionVersion(),
        Direction = MediaDirection.SendReceive,
        SentExtensions = Host.Transports.SentExtensions,
        RequiredKinds = [],
        MayBeIdle = true,
        AcceptsData = true,
        EstablishedRole = Session?.LocalDtlsRole,
        EstablishedFingerprints = Session?.RemoteFingerprints ?? [],
        DecideSection = plan.Decide,
    };

    private void Assign(SectionPlan plan, MonotonicTime now)
    {
        if (!_carriesSubscriptions)
            return;
        foreach (TrackSubscription removed in _assigned.Values.Where(subscription => !plan.Sent.Values.Contains(subscription))
            .ToImmutableArray())
            Participant.Subscriptions.Renew(removed, now);
        _assigned.Clear();
        foreach ((Mid mid, TrackSubscription subscription) in plan.Sent)
        {
            subscription.Mid = mid;
            _assigned.Add(mid, subscription);
        }
        foreach (TrackSubscription unsupported in plan.Unsupported)
            Participant.Subscriptions.Fail(unsupported, now);
    }

    private ImmutableDictionary<Mid, TrackSid> TracksByMid() =>
        _assigned.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Track.Sid);

    private int Missing(ImmutableArray<TrackSubscription> waiting, MediaKind kind)
    {
        int free = _sections.Count(section => section.Kind == kind
            && section.RemoteReceives
            && (!_assigned.TryGetValue(section.Mid, out TrackSubscription? subscription) || subscription.IsEnded));
        return Math.Max(0, waiting.Count(subscription => subscription.Track.Kind == kind) - free);
    }
}
