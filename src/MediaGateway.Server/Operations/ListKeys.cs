using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Operations;

/// <summary>Keys of the entries of lists, whose ordinal order is that of the list. An entry's key never changes.</summary>
internal static class ListKeys
{
    /// <summary>Returns the key of a participant: participants are listed in the order they joined.</summary>
    public static string Of(ParticipantInfo participant) => OfNumber(participant.JoinNumber);

    /// <summary>Returns the key of a member, which that of each of its tracks and subscriptions begins with.</summary>
    public static string Of(RoomMember member) => OfNumber(member.JoinNumber);

    /// <summary>Returns the key of a track that a member publishes, or receives: by member, then by sid.</summary>
    public static string Of(RoomMember member, TrackSid track) => Of(member) + track.Value;

    /// <summary>Returns the key of what is listed by a number, the lowest first.</summary>
    /// <param name="number">At least 0.</param>
    public static string OfNumber(long number) => $"{number:D19}";

    /// <summary>Returns the key of what is listed by a number, the highest first.</summary>
    /// <param name="number">At least 0.</param>
    public static string OfNumberDescending(long number) => OfNumber(long.MaxValue - number);
}
