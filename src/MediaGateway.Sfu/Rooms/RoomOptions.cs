namespace MediaGateway.Sfu.Rooms;

/// <summary>How long a room lives and whom it takes.</summary>
public sealed record RoomOptions
{
    /// <summary>How long it waits for its first participant.</summary>
    public TimeSpan EmptyTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it stays after its last participant left.</summary>
    public TimeSpan DepartureTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>0 means no limit but the node's.</summary>
    public int MaxParticipants { get; init; }

    public string Metadata { get; init; } = "";
}
