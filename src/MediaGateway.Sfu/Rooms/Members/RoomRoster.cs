using System.Collections.Immutable;
using System.Text;
using MediaGateway.Sfu.Data;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>
/// Members of a room, by name and in order. Lists are copied when somebody comes or goes, which may happen while they are walked.
/// </summary>
internal sealed class RoomRoster
{
    /// <summary>The longest identity in UTF-8, bytes: four for each of 256 characters.</summary>
    private const int MaxNameLength = 1024;

    private readonly Dictionary<string, RoomMember> _byIdentity = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RoomMember> _bySid = new(StringComparer.Ordinal);
    private int _joins;

    /// <summary>All members in the order they joined, hidden ones included.</summary>
    public ImmutableArray<RoomMember> Members { get; private set; } = [];

    /// <summary>The members that have a client, in the order they joined.</summary>
    public ImmutableArray<Participant> Participants { get; private set; } = [];

    /// <summary>Counts a join; the number is greater than that of everybody who joined before.</summary>
    public int NextJoinNumber() => ++_joins;

    public void Add(RoomMember member)
    {
        _byIdentity.Add(member.Identity, member);
        _bySid.Add(member.Sid.Value, member);
        Members = Members.Add(member);
        if (member is Participant participant)
            Participants = Participants.Add(participant);
    }

    public void Remove(RoomMember member)
    {
        _byIdentity.Remove(member.Identity);
        _bySid.Remove(member.Sid.Value);
        Members = Members.Remove(member);
        if (member is Participant participant)
            Participants = Participants.Remove(participant);
    }

    public RoomMember? Find(string identity) => _byIdentity.GetValueOrDefault(identity);

    public RoomMember? Find(ParticipantSid sid) => _bySid.GetValueOrDefault(sid.Value);

    /// <summary>The participant that a data packet names; null when there is none.</summary>
    public Participant? Find(in DataDestination destination)
    {
        Span<char> name = stackalloc char[MaxNameLength];
        if (destination.Name.Length > MaxNameLength || !Encoding.UTF8.TryGetChars(destination.Name, name, out int length))
            return null;
        Dictionary<string, RoomMember> names = destination.IsSid ? _bySid : _byIdentity;
        return names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out RoomMember? member)
            ? member as Participant
            : null;
    }
}
