namespace MediaGateway.Sfu.Rooms;

/// <summary>Server-given id of a room, new each time that a room of a name is opened; begins with <c>RM_</c>.</summary>
public readonly record struct RoomSid(string Value)
{
    public override string ToString() => Value;
}
