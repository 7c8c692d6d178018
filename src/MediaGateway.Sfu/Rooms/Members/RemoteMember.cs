using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>
/// A member that is elsewhere and shown here: it has neither a client nor a connection in this room. It is told what its origin
/// becomes, at once and in order, and leaves with it.
/// </summary>
public sealed class RemoteMember : RoomMember
{
    private readonly List<RemoteTrack> _tracks = [];
    private MemberProfile _profile;

    internal RemoteMember(Room room, IEntropy entropy, Participant origin, MonotonicTime now)
        : base(room, entropy, OptionsOf(origin), ParticipantState.Active, now)
    {
        Origin = origin;
        _profile = origin.Profile;
    }

    /// <summary>The participant that is shown, in its own room.</summary>
    public Participant Origin { get; }

    public override IEnumerable<TrackPublication> Publications => _tracks.Where(track => track.IsPublished);

    internal override MemberProfile Profile => _profile;

    internal override void Start(MonotonicTime now)
    {
        Origin.Add(this);
        OnOriginChanged(now);
    }

    /// <summary>The origin's profile or tracks have changed: everybody here sees it as it is now.</summary>
    internal void OnOriginChanged(MonotonicTime now)
    {
        _profile = Origin.Profile;
        ImmutableArray<ParticipantTrack> originals = [.. Origin.Tracks.Published];
        bool hasEnded = EndOthers(originals, now);
        ImmutableArray<TrackPublication> published = Show(originals, now);
        OnChanged(now);
        if (hasEnded || !published.IsEmpty)
            Room.OnPublishersChanged();
        if (!published.IsEmpty)
            Room.OnPublished(published, now);
    }

    /// <summary>The origin is no longer in its room.</summary>
    internal void OnOriginLeft(MonotonicTime now) => Leave(Origin.CloseReason, LeaveAction.Disconnect, now);

    private protected override void OnLeaving(RoomNotification.Left left, MonotonicTime now)
    {
        Origin.Remove(this);
        foreach (RemoteTrack track in _tracks)
            track.End(now);
        _tracks.Clear();
    }

    private protected override ParticipantInfo Describe(ParticipantInfo info) => info with { ForwardedFrom = Origin.Room.Name };

    /// <summary>Makes the options of a member that receives nothing here, neither media nor data.</summary>
    private static ParticipantOptions OptionsOf(Participant origin) => new()
    {
        Identity = origin.Identity,
        Kind = origin.Snapshot().Kind,
        Permissions = new ParticipantPermissions { CanSubscribe = false, CanPublishData = false },
    };

    /// <summary>Ends the tracks whose originals are none of these; true when there were any.</summary>
    private bool EndOthers(ImmutableArray<ParticipantTrack> originals, MonotonicTime now)
    {
        ImmutableArray<RemoteTrack> ended = [.. _tracks.Where(track => !originals.Contains(track.Original))];
        foreach (RemoteTrack track in ended)
        {
            _tracks.Remove(track);
            track.End(now);
        }
        return !ended.IsEmpty;
    }

    /// <summary>Shows these tracks as they are now; returns those that were not shown before.</summary>
    private ImmutableArray<TrackPublication> Show(ImmutableArray<ParticipantTrack> originals, MonotonicTime now)
    {
        var published = ImmutableArray.CreateBuilder<TrackPublication>();
        foreach (ParticipantTrack original in originals)
        {
            if (_tracks.Find(track => track.Original == original) is { } known)
            {
                known.OnOriginalChanged(now);
                continue;
            }
            var track = new RemoteTrack(this, original, now);
            _tracks.Add(track);
            published.Add(track);
        }
        return published.ToImmutable();
    }
}
