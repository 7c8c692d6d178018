using System.Collections.Immutable;
using System.Globalization;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>
/// A connection on which we offer: the subscriber's of two. One offer is under way at a time. A section whose
/// subscription ended is stopped; its place is taken again, under another mid, once the client has seen that
/// (RFC 9429 section 5.2.2).
/// </summary>
internal sealed class GatewayOfferedConnection : ParticipantConnection
{
    private static readonly Mid DataMid = new("0");

    private readonly OfferNumbers _numbers = new();
    private readonly SectionMemory _sections = new();
    private readonly List<Slot> _slots = [];

    /// <summary>Offer that is still to be answered; null when none is.</summary>
    private SessionDescription? _outstanding;
    private uint _offerId;
    private int _lastMid;
    private bool _isChanged;
    private bool _isRestarting;

    public GatewayOfferedConnection(Participant participant, IRoomHost host)
        : base(participant, host)
    {
    }

    /// <summary>Makes the first offer, which clients wait for; it has only the data section when there is nothing to receive.</summary>
    public void Start()
    {
        Place();
        Offer();
    }

    public override void OnSubscriptionsChanged(MonotonicTime now)
    {
        if (_outstanding is not null || !Participant.HasSignal)
            _isChanged = true;
        else if (Place())
            Offer();
    }

    /// <summary>The client's signaling came back: whatever was under way is offered anew, with an ICE restart.</summary>
    public void OnResumed(MonotonicTime now)
    {
        if (Peer is not null)
        {
            _isRestarting = true;
            RestartIce(Host.Transports.CreateCredentials(), remote: null, now);
        }
        Place();
        Offer();
    }

    public void OnAnswer(uint id, SessionDescription answer, MonotonicTime now)
    {
        // 0 is an answer that is not numbered; others may be to an offer that was given up at a resume.
        if (_outstanding is null || (id != 0 && id != _offerId))
            return;
        if (!SessionNegotiator.TryAcceptAnswer(_outstanding, answer, Session, _sections, out NegotiatedSession? session,
            out NegotiationError? error))
        {
            // The client may do better with the next offer, which comes when there is another reason for one: not at once, or
            // one that always answers so would be asked for ever.
            _outstanding = null;
            _isChanged = true;
            Fail(SignalTarget.Subscriber, error);
            return;
        }
        Apply(answer, session, now);
        _outstanding = null;
        if (_isRestarting)
            Peer!.Transport.Ice.SetRemote(new IceCredentials(session.Ice.UsernameFragment, session.Ice.Password));
        _isRestarting = false;
        StartSubscriptions(session, now);
        Peer!.AfterEvent(now);
        if (_isChanged)
            OnSubscriptionsChanged(now);
    }

    private void StartSubscriptions(NegotiatedSession session, MonotonicTime now)
    {
        foreach (Slot slot in _slots)
        {
            slot.IsStoppedForClient = slot.Subscription is null;
            if (slot.Subscription is not { IsEnded: false } subscription)
                continue;
            if (session.Media.Any(media => media.Mid == slot.Mid && media.Sending))
                Start(subscription, slot.Mid, now);
            else
                Participant.Subscriptions.Fail(subscription, now);
        }
    }

    /// <summary>Gives sections to the subscriptions that wait for one; true when that changes what is to be offered.</summary>
    private bool Place()
    {
        bool isChanged = _isChanged;
        _isChanged = false;
        foreach (Slot slot in _slots)
        {
            if (slot.Subscription is not { IsEnded: true })
                continue;
            slot.Subscription = null;
            isChanged = true;
        }
        foreach (TrackSubscription waiting in Participant.Subscriptions.Waiting.ToImmutableArray())
        {
            Slot slot = FreeSlot(waiting.Track.Kind);
            slot.Mid = new Mid((++_lastMid).ToString(CultureInfo.InvariantCulture));
            slot.Subscription = waiting;
            slot.IsStoppedForClient = false;
            waiting.Mid = slot.Mid;
            isChanged = true;
        }
        return isChanged;
    }

    private Slot FreeSlot(MediaKind kind)
    {
        Slot? free = _slots.Find(slot => slot.Subscription is null && slot.IsStoppedForClient && slot.Kind == kind);
        if (free is null)
        {
            free = new Slot(kind);
            _slots.Add(free);
        }
        return free;
    }

    private void Offer()
    {
        _outstanding = SessionNegotiator.CreateOffer(new OfferPolicy
        {
            Transport = Host.Transports.Describe(Credentials, Host.Candidates),
            SessionId = SessionId,
            SessionVersion = NextSessionVersion(),
            Data = DataMid,
            Media = [.. _slots.Select(slot => slot.Describe(Host.Transports.OfferedExtensions))],
            Numbers = _numbers,
            Sections = _sections,
        });
        Participant.Notify(new RoomNotification.Offered(
            ++_offerId,
            _outstanding,
            _slots.Where(slot => slot.Subscription is not null)
            .ToImmutableDictionary(slot => slot.Mid, slot => slot.Subscription!.Track.Sid)));
    }

    /// <summary>One section of the offers, which stays while its subscriptions change.</summary>
    private sealed class Slot(MediaKind kind)
    {
        private OfferedMedia? _lastOffered;

        public MediaKind Kind { get; } = kind;

        public Mid Mid { get; set; }

        /// <summary>Subscription that the section carries; null while it is stopped.</summary>
        public TrackSubscription? Subscription { get; set; }

        /// <summary>True when the client has answered an offer in which the section was stopped.</summary>
        public bool IsStoppedForClient { get; set; }

        public OfferedMedia Describe(ImmutableArray<HeaderExtensionKind> extensions)
        {
            if (Subscription is { Track.Publication: { } publication } subscription && _lastOffered?.Mid != Mid)
            {
                _lastOffered = new OfferedMedia
                {
                    Mid = Mid,
                    Kind = Kind,
                    Direction = MediaDirection.Send,
                    Codecs = OfferedCodecs.Of(publication.Receiver.Codecs),
                    Extensions = extensions,
                    Source = subscription.Source,
                };
            }
            return Subscription is null ? _lastOffered! with { IsStopped = true } : _lastOffered!;
        }
    }
}
