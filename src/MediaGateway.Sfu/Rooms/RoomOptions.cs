namespace MediaGateway.Sfu.Rooms;

/// <summary>Limits, timeouts and metadata of a room.</summary>
public sealed record RoomOptions
{
    /// <summary>Time for which the room waits for its first participant.</summary>
    public TimeSpan EmptyTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time for which the room stays after its last participant has left.</summary>
    public TimeSpan DepartureTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Most participants, without hidden ones; 0 for no limit but the node's.</summary>
    public int MaxParticipants { get; init; }

    public string Metadata { get; init; } = "";
}
