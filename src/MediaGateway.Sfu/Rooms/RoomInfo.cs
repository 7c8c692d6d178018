namespace MediaGateway.Sfu.Rooms;

/// <summary>A room at one moment, safe to hand to other threads.</summary>
/// <param name="Sid">Id of the room.</param>
/// <param name="Name">Name of the room.</param>
/// <param name="Options">Limits, timeouts and metadata.</param>
/// <param name="CreatedAt">Unix time at which it was opened, milliseconds.</param>
/// <param name="ParticipantCount">Number of members without hidden ones.</param>
/// <param name="PublisherCount">Number of members that publish something.</param>
public sealed record RoomInfo(RoomSid Sid, string Name, RoomOptions Options, long CreatedAt, int ParticipantCount, int PublisherCount);
