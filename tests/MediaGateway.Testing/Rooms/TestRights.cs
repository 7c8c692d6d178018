using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Testing.Rooms;

/// <summary>The test's own account of what a participant may do and wants, to check the gateway's against.</summary>
public sealed class TestRights(TestMeeting meeting, ParticipantPermissions permissions, bool autoSubscribe)
{
    private readonly Dictionary<TrackSid, bool> _wishes = [];
    private readonly HashSet<TrackSid> _disabled = [];
    private readonly HashSet<TestSource> _muted = [];
    private HashSet<string>? _allowed;

    public ParticipantPermissions Permissions { get; private set; } = permissions;

    /// <summary>Time of the last change.</summary>
    public MonotonicTime ChangedAt { get; private set; } = meeting.Now;

    public void Set(ParticipantPermissions permissions) => Change(() => Permissions = permissions);

    public void Wish(TrackSid track, bool subscribe) => Change(() => _wishes[track] = subscribe);

    public void Disable(TrackSid track, bool disabled) => Change(() => _ = disabled ? _disabled.Add(track) : _disabled.Remove(track));

    public void Mute(TestSource source, bool muted) => Change(() => _ = muted ? _muted.Add(source) : _muted.Remove(source));

    /// <summary>Sets the identities that may have the tracks; null lets everybody.</summary>
    public void Let(HashSet<string>? identities) => Change(() => _allowed = identities);

    public bool MaySend(TestSource source) => Permissions is { CanPublish: true, Hidden: false } && !_muted.Contains(source);

    public bool MayReceive(TestSource source) => Permissions.CanSubscribe
        && (source.Sid is not { } sid || (_wishes.GetValueOrDefault(sid, autoSubscribe) && !_disabled.Contains(sid)));

    public bool Lets(string identity) => _allowed?.Contains(identity) ?? true;

    private void Change(Action change)
    {
        change();
        ChangedAt = meeting.Now;
    }
}
