namespace MediaGateway.Sfu.Rooms;

/// <summary>A room at one moment, safe to hand to other threads.</summary>
/// <param name="Sid">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Options">Limits, timeouts and metadata.</param>
/// <param name="CreatedAt">Unix time, milliseconds.</param>
/// <param name="ParticipantCount">Without hidden ones.</param>
/// <param name="PublisherCount">Participants that publish something.</param>
public sealed record RoomInfo(RoomSid Sid, string Name, RoomOptions Options, long CreatedAt, int ParticipantCount, int PublisherCount);
