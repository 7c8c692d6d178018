using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Data;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms;

/// <summary>
/// A scope in which participants see each other's tracks. Lives on one worker, from the first join (or its explicit
/// creation) until it has been empty for a while, is deleted, or the worker stops.
/// </summary>
public sealed class Room : TimerEntry
{
    /// <summary>Interval at which speakers, qualities and timeouts are looked at while somebody is there.</summary>
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Time within which media has to connect after joining.</summary>
    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Time for which media may go on without signaling; clients give up resuming, and join anew, well before.</summary>
    private static readonly TimeSpan SignalTimeout = TimeSpan.FromSeconds(60);

    private readonly IRoomHost _host;
    private readonly RoomRoster _roster = new();
    private readonly MonotonicTime _created;
    private MonotonicTime _emptySince;
    private bool _wasJoined;
    private bool _isChanged;

    internal Room(string name, RoomOptions options, IRoomHost host, MonotonicTime now)
    {
        Name = name;
        Options = options;
        _host = host;
        _created = now;
        _emptySince = now;
        Sid = SidFactory.Room(host.Entropy);
        Speakers = new RoomSpeakers(this, now);
        Qualities = new RoomQualities(this);
        Data = new RoomData(this);
        host.Context.Timers.Schedule(this, EmptyDeadline);
    }

    public RoomSid Sid { get; }

    public string Name { get; }

    public RoomOptions Options { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>All members in the order they joined, hidden ones included.</summary>
    public ImmutableArray<RoomMember> Members => _roster.Members;

    /// <summary>The members that have a client, in the order they joined.</summary>
    public ImmutableArray<Participant> Participants => _roster.Participants;

    internal RoomSpeakers Speakers { get; }

    internal RoomQualities Qualities { get; }

    internal RoomData Data { get; }

    internal DropCounters Drops => _host.Context.Drops;

    internal IEnumerable<TrackPublication> PublishedTracks => Members.SelectMany(member => member.Publications);

    private MonotonicTime EmptyDeadline => _emptySince + (_wasJoined ? Options.DepartureTimeout : Options.EmptyTimeout);

    public RoomInfo Snapshot() => new(
        Sid,
        Name,
        Options,
        UnixTime(_created),
        ParticipantCount: Members.Count(member => !member.Permissions.Hidden),
        PublisherCount: Members.Count(member => member.Publications.Any()));

    public RoomMember? Find(string identity) => _roster.Find(identity);

    public RoomMember? Find(ParticipantSid sid) => _roster.Find(sid);

    /// <summary>The participant that a data packet names; null when there is none.</summary>
    internal Participant? Find(in DataDestination destination) => _roster.Find(destination);

    public TrackPublication? FindTrack(TrackSid sid)
    {
        foreach (RoomMember member in Members)
        {
            foreach (TrackPublication track in member.Publications)
            {
                if (track.Sid == sid)
                    return track;
            }
        }
        return null;
    }

    /// <summary>Changes the room's limits, timeouts and metadata; whoever is in it stays, and everybody is told.</summary>
    public void Update(RoomOptions options, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        if (Members.IsEmpty)
            _host.Context.Timers.Schedule(this, MonotonicTime.Max(EmptyDeadline, now));
        BroadcastRoom();
    }

    /// <summary>Sends a data packet that comes from no participant.</summary>
    /// <param name="kind">Channel that it is sent on.</param>
    /// <param name="packet">The packet as it goes out, LiveKit's DataPacket.</param>
    /// <param name="identities">Identities of the receivers; empty for everybody. Those that are not there are passed over.</param>
    /// <param name="now">The time.</param>
    /// <returns>Number of participants that it was sent to.</returns>
    public int SendData(DataPacketKind kind, ReadOnlySpan<byte> packet, ImmutableArray<string> identities, MonotonicTime now)
    {
        ImmutableArray<Participant> receivers = identities.IsEmpty
            ? Participants
            : [.. identities.Distinct(StringComparer.Ordinal).Select(Find).OfType<Participant>()];
        foreach (Participant receiver in receivers)
            receiver.Data.SendPacket(kind, packet, now);
        return receivers.Length;
    }

    /// <summary>Ends the room and everybody's stay in it.</summary>
    public void Close(DisconnectReason reason, MonotonicTime now)
    {
        if (IsClosed)
            return;
        IsClosed = true;
        LeaveAction action = reason == DisconnectReason.ServerShutdown ? LeaveAction.Reconnect : LeaveAction.Disconnect;
        foreach (RoomMember member in Members)
            member.Leave(reason, action, now);
        _host.Context.Timers.Cancel(this);
        _host.OnRoomClosed(this);
    }

    /// <summary>Shows a participant of another room of the worker here, with its tracks, until it leaves or is taken out again.</summary>
    public JoinResult Forward(Participant origin, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (Find(origin.Identity) is not null)
            return JoinResult.IdentityTaken;
        if (IsFullFor(isHidden: false))
            return JoinResult.RoomFull;
        var member = new RemoteMember(this, _host.Entropy, origin, now);
        Add(member, now);
        member.Start(now);
        return JoinResult.Joined;
    }

    /// <summary>Lets somebody in. Whoever is there under the same identity leaves first, so that the limit is exact.</summary>
    internal JoinOutcome Join(ParticipantOptions options, IParticipantObserver? observer, MonotonicTime now)
    {
        Find(options.Identity)?.Leave(DisconnectReason.DuplicateIdentity, LeaveAction.Disconnect, now);
        if (IsFullFor(options.Permissions.Hidden))
            return JoinOutcome.Refused(JoinResult.RoomFull);
        var participant = new Participant(this, _host, options, observer, now);
        Add(participant, now);
        var outcome = new JoinOutcome(JoinResult.Joined, participant, Snapshot(), participant.Snapshot(), [.. VisibleTo(participant)]);
        Speakers.Announce(participant);
        Qualities.Announce(participant);
        participant.Start(now);
        return outcome;
    }

    /// <summary>The others whom a participant may know of.</summary>
    internal IEnumerable<ParticipantInfo> VisibleTo(Participant viewer) => Members
        .Where(member => member != viewer && !member.Permissions.Hidden)
        .Select(member => member.Snapshot());

    internal int NextJoinNumber() => _roster.NextJoinNumber();

    internal TrackSid NextTrack() => SidFactory.Track(_host.Entropy);

    /// <summary>Milliseconds since 1970 by the node's clock.</summary>
    internal long UnixTime(MonotonicTime time) => _host.Context.Clock.UnixTime(time);

    /// <summary>A member's tracks can be subscribed to: they are offered to all who want them, together.</summary>
    internal void OnPublished(ImmutableArray<TrackPublication> tracks, MonotonicTime now)
    {
        foreach (Participant participant in Participants)
            participant.OnRightsChanged(tracks, now);
        foreach (TrackPublication track in tracks)
            track.OnDemandChanged(now);
    }

    internal void OnMemberChanged(RoomMember member)
    {
        Broadcast(member, excluding: null);
        _host.OnMemberChanged(member);
    }

    /// <summary>The numbers of participants and publishers have changed: everybody is told at the next tick.</summary>
    internal void OnPublishersChanged() => _isChanged = true;

    /// <summary>A participant was hidden or shown: for the others a hidden one has left.</summary>
    internal void OnVisibilityChanged(Participant participant, MonotonicTime now)
    {
        foreach (Participant other in Participants)
        {
            if (other == participant)
                continue;
            if (participant.Permissions.Hidden)
            {
                ParticipantInfo gone = participant.Snapshot() with { State = ParticipantState.Disconnected, Tracks = [] };
                other.Notify(new RoomNotification.ParticipantsChanged([gone]));
            }
            other.OnRightsChanged(participant.Publications, now);
        }
    }

    internal void OnLeft(RoomMember member, MonotonicTime now)
    {
        _roster.Remove(member);
        member.OnRemoved(now);
        _host.OnMemberLeft(member);
        if (!member.Permissions.Hidden)
        {
            var left = new RoomNotification.ParticipantsChanged([member.Snapshot()]);
            foreach (Participant other in Participants)
                other.Notify(left);
        }
        OnPublishersChanged();
        if (!Members.IsEmpty || IsClosed)
            return;
        _emptySince = now;
        _host.Context.Timers.Schedule(this, EmptyDeadline);
        FlushRoomChange();
    }

    protected override void OnDue(MonotonicTime now)
    {
        try
        {
            Tick(now);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _host.OnRoomFault(this, fault, now);
        }
    }

    /// <summary>The worker stood still for a time in which nobody was heard: that time is no absence of the participants'.</summary>
    internal void OnStandstill(TimeSpan time)
    {
        foreach (Participant participant in Participants)
            participant.OnStandstill(time);
    }

    private void Tick(MonotonicTime now)
    {
        if (Members.IsEmpty)
        {
            Close(DisconnectReason.None, now);
            return;
        }
        foreach (Participant participant in Participants)
        {
            if (!participant.WasConnected && now - participant.AwaitedSince >= JoinTimeout)
                participant.Leave(DisconnectReason.JoinFailure, LeaveAction.Disconnect, now);
            else if (participant.SignalLostAt is { } lost && now - lost >= SignalTimeout)
                participant.Leave(DisconnectReason.SignalClose, LeaveAction.Disconnect, now);
        }
        foreach (TrackPublication track in PublishedTracks)
            track.OnDemandChanged(now);
        Speakers.Update(now);
        Qualities.Update(now);
        Data.Expire(now);
        UpdateShedding(now);
        FlushRoomChange();
        if (!IsClosed && !Members.IsEmpty)
            _host.Context.Timers.Schedule(this, now + TickInterval);
    }

    /// <summary>
    /// Sheds again: what is shed depends on who speaks and on what is shown, which changes all the time. Clients are notified of what
    /// has been paused since, for want of time or of room on their line, and of what has come back.
    /// </summary>
    private void UpdateShedding(MonotonicTime now)
    {
        bool sheds = _host.Context.Shedding.Level > 0;
        foreach (Participant participant in Participants)
        {
            if (sheds)
                participant.Connections.Downstream?.Downlink.Shed(now);
            participant.Subscriptions.TellStates(anew: false);
        }
    }

    /// <summary>Tells whether one more would be one too many; hidden ones do not count.</summary>
    private bool IsFullFor(bool isHidden) =>
        Options.MaxParticipants > 0 && !isHidden && Snapshot().ParticipantCount >= Options.MaxParticipants;

    /// <summary>Takes a member in, and tells the others.</summary>
    private void Add(RoomMember member, MonotonicTime now)
    {
        _roster.Add(member);
        _wasJoined = true;
        _host.Context.Timers.Schedule(this, now + TickInterval);
        Broadcast(member, excluding: member);
        _host.OnMemberChanged(member);
        OnPublishersChanged();
    }

    private void Broadcast(RoomMember member, RoomMember? excluding)
    {
        var change = new RoomNotification.ParticipantsChanged([member.Snapshot()]);
        foreach (Participant other in Participants)
        {
            if (other != excluding && (other == member || !member.Permissions.Hidden))
                other.Notify(change);
        }
    }

    private void FlushRoomChange()
    {
        if (!_isChanged)
            return;
        _isChanged = false;
        BroadcastRoom();
    }

    private void BroadcastRoom()
    {
        _host.OnRoomChanged(this);
        var change = new RoomNotification.RoomChanged(Snapshot());
        foreach (Participant participant in Participants)
            participant.Notify(change);
    }
}
