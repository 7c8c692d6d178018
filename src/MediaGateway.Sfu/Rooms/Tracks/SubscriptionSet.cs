using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>The subscriptions of one participant, and its wishes about tracks.</summary>
internal sealed class SubscriptionSet
{
    /// <summary>Most wishes that are kept; the tracks that they are about need not exist.</summary>
    private const int MaxWishes = 4096;

    private readonly Participant _participant;
    private readonly Dictionary<TrackSid, TrackSubscription> _active = [];
    private readonly Dictionary<TrackSid, bool> _wishes = [];
    private readonly Dictionary<TrackSid, TrackSettings> _settings = [];
    private readonly HashSet<TrackSid> _unsupported = [];

    /// <summary>Tracks that are wanted, and that their publishers do not let the participant have.</summary>
    private readonly HashSet<TrackSid> _denied = [];

    public SubscriptionSet(Participant participant) => _participant = participant;

    public IEnumerable<TrackSubscription> Active => _active.Values;

    /// <summary>Subscriptions that wait for a media section, in the order in which they came.</summary>
    public IEnumerable<TrackSubscription> Waiting => _active.Values.Where(subscription => subscription.Mid is null);

    public TrackSubscription? Find(TrackSid track) => _active.GetValueOrDefault(track);

    public void SetWish(TrackSid track, bool subscribe)
    {
        if (_wishes.Count < MaxWishes || _wishes.ContainsKey(track))
            _wishes[track] = subscribe;
        if (subscribe)
            _unsupported.Remove(track);
    }

    public void SetSettings(TrackSid track, TrackSettings settings, MonotonicTime now)
    {
        if (_settings.Count < MaxWishes || _settings.ContainsKey(track))
            _settings[track] = settings;
        Find(track)?.Apply(settings, now);
    }

    /// <summary>Subscribes or unsubscribes according to wishes and rights; true when that changed something.</summary>
    public bool Consider(TrackPublication track, MonotonicTime now)
    {
        bool wanted = IsWanted(track) && IsPermitted(track);
        TrackSubscription? active = Find(track.Sid);
        if (wanted == active is not null)
            return false;
        if (wanted)
            Start(track, now);
        else
            End(active!, now);
        return true;
    }

    public void End(TrackSubscription subscription, MonotonicTime now)
    {
        if (!_active.Remove(subscription.Track.Sid))
            return;
        subscription.End(now);
        subscription.Track.Remove(subscription, now);
    }

    /// <summary>The client took the section away: the same track waits for another one, under SSRCs that were not in use.</summary>
    public void Renew(TrackSubscription subscription, MonotonicTime now)
    {
        if (subscription.IsEnded)
            return;
        End(subscription, now);
        Consider(subscription.Track, now);
    }

    public void EndAll(MonotonicTime now)
    {
        foreach (TrackSubscription subscription in _active.Values.ToImmutableArray())
            End(subscription, now);
    }

    /// <summary>The participant cannot decode the track, which is not tried again until it asks.</summary>
    public void Fail(TrackSubscription subscription, MonotonicTime now)
    {
        _unsupported.Add(subscription.Track.Sid);
        End(subscription, now);
        _participant.Notify(new RoomNotification.SubscriptionFailed(subscription.Track.Sid, CodecUnsupported: true));
    }

    /// <summary>Tells the client which of its tracks are not sent, and which are again.</summary>
    /// <param name="anew">Whether the client may have missed what it was told, and is told again.</param>
    public void TellStates(bool anew)
    {
        ImmutableArray<StreamStateInfo>.Builder? told = null;
        foreach (TrackSubscription subscription in _active.Values)
        {
            if (!subscription.TakeState() && !(anew && subscription.NotifiedPause is not null))
                continue;
            told ??= ImmutableArray.CreateBuilder<StreamStateInfo>();
            told.Add(new StreamStateInfo(subscription.Track.Publisher.Sid, subscription.Track.Sid, subscription.NotifiedPause
                ?? LimitCause.None));
        }
        if (told is not null)
            _participant.Notify(new RoomNotification.StreamStatesChanged(told.DrainToImmutable()));
    }

    /// <summary>Forgets the wishes about a track that has ended.</summary>
    public void Forget(TrackSid track)
    {
        _wishes.Remove(track);
        _settings.Remove(track);
        _unsupported.Remove(track);
        _denied.Remove(track);
    }

    private bool IsWanted(TrackPublication track) => track.IsPublished
        && !_participant.IsClosed
        && track.Publisher != _participant
        && !_unsupported.Contains(track.Sid)
        && _wishes.GetValueOrDefault(track.Sid, _participant.AutoSubscribe)
        && track.Publisher.IsOpenTo(_participant);

    /// <summary>Tells whether the publisher lets the participant have it; the participant is told when that has changed.</summary>
    private bool IsPermitted(TrackPublication track)
    {
        bool isPermitted = track.Publisher.Permits(_participant, track);
        if (isPermitted ? _denied.Remove(track.Sid) : _denied.Add(track.Sid))
            _participant.Notify(new RoomNotification.SubscriptionPermissionChanged(track.Publisher.Sid, track.Sid, isPermitted));
        return isPermitted;
    }

    private void Start(TrackPublication track, MonotonicTime now)
    {
        var subscription = new TrackSubscription(_participant, track, _participant.CreateSource(track));
        if (_settings.TryGetValue(track.Sid, out TrackSettings settings))
            subscription.Apply(settings, now);
        _active.Add(track.Sid, subscription);
        track.Add(subscription, now);
    }
}
