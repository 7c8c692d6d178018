using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>
/// Somebody whom a room's participants see, and whose tracks they may subscribe to: a <see cref="Participant"/>, which has a
/// client and connections here, or a <see cref="RemoteMember"/>, which is elsewhere. A member ends once, with a reason.
/// </summary>
public abstract class RoomMember
{
    private ParticipantInfo? _snapshot;
    private int _version;

    private protected RoomMember(Room room, IEntropy entropy, ParticipantOptions options, ParticipantState state, MonotonicTime now)
    {
        Room = room;
        Options = options;
        State = state;
        Permissions = options.Permissions;
        Sid = SidFactory.Participant(entropy);
        JoinedAt = now;
        JoinNumber = room.NextJoinNumber();
    }

    public ParticipantSid Sid { get; }

    public string Identity => Options.Identity;

    public Room Room { get; }

    public ParticipantPermissions Permissions { get; private protected set; }

    public MonotonicTime JoinedAt { get; }

    /// <summary>Number of the join among all of the room's, from 1: whoever joins later has a greater one.</summary>
    public int JoinNumber { get; }

    public bool IsClosed => State == ParticipantState.Disconnected;

    /// <summary>Why the member left; <see cref="DisconnectReason.None"/> while it is in the room.</summary>
    public DisconnectReason CloseReason { get; private set; }

    /// <summary>Tracks that others can subscribe to.</summary>
    public abstract IEnumerable<TrackPublication> Publications { get; }

    /// <summary>Time at which the member was last among the active speakers; null before the first time.</summary>
    internal MonotonicTime? LastSpoke { get; set; }

    private protected ParticipantOptions Options { get; }

    private protected ParticipantState State { get; set; }

    internal abstract MemberProfile Profile { get; }

    public ParticipantInfo Snapshot() => _snapshot ??= Describe(new ParticipantInfo
    {
        Sid = Sid,
        Identity = Identity,
        Name = Profile.Name,
        Metadata = Profile.Metadata,
        Attributes = Profile.Attributes,
        Kind = Options.Kind,
        State = State,
        Permissions = Permissions,
        JoinedAt = Room.UnixTime(JoinedAt),
        JoinNumber = JoinNumber,
        Tracks = [.. Publications.Select(track => track.Info)],
        IsPublisher = Publications.Any(),
        Version = _version,
        DisconnectReason = CloseReason,
    });

    /// <summary>Ends the member's stay. The first reason stays.</summary>
    public void Leave(DisconnectReason reason, LeaveAction action, MonotonicTime now) =>
        Leave(new RoomNotification.Left(reason, action), now);

    /// <summary>Tells whether somebody may have any track of this member's at all.</summary>
    internal bool IsOpenTo(Participant subscriber) => !IsClosed && !Permissions.Hidden && subscriber.Permissions.CanSubscribe;

    /// <summary>Tells whether this member lets somebody have one of its tracks.</summary>
    internal virtual bool Permits(Participant subscriber, TrackPublication track) => true;

    /// <summary>Called once, after everybody knows of the member.</summary>
    internal abstract void Start(MonotonicTime now);

    /// <summary>Called once, when the member is no longer among the room's, before the others are told.</summary>
    internal virtual void OnRemoved(MonotonicTime now)
    {
    }

    /// <summary>The member's tracks have changed.</summary>
    internal void OnTracksChanged(MonotonicTime now)
    {
        OnChanged(now);
        Room.OnPublishersChanged();
    }

    /// <summary>Anything that others see of the member has changed: they are told.</summary>
    private protected virtual void OnChanged(MonotonicTime now)
    {
        Invalidate();
        Room.OnMemberChanged(this);
    }

    private protected void Leave(RoomNotification.Left left, MonotonicTime now)
    {
        if (IsClosed)
            return;
        State = ParticipantState.Disconnected;
        CloseReason = left.Reason;
        OnLeaving(left, now);
        Invalidate();
        Room.OnLeft(this, now);
    }

    /// <summary>Ends the member's tracks and whatever else hangs on it, while it is still among the room's.</summary>
    private protected abstract void OnLeaving(RoomNotification.Left left, MonotonicTime now);

    /// <summary>Adds to a snapshot what only one make of member has.</summary>
    private protected virtual ParticipantInfo Describe(ParticipantInfo info) => info;

    private void Invalidate()
    {
        _version++;
        _snapshot = null;
    }
}
