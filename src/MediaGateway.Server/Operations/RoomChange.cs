namespace MediaGateway.Server.Operations;

/// <summary>What a caller wants a room to be like. What is null stays as it is.</summary>
/// <param name="Metadata">The application's own words about the room.</param>
/// <param name="MaxParticipants">0 for the gateway's limit.</param>
/// <param name="EmptyTimeout">Time the room waits for its first participant.</param>
/// <param name="DepartureTimeout">Time the room stays after its last participant left.</param>
internal sealed record RoomChange(string? Metadata = null, int? MaxParticipants = null, TimeSpan? EmptyTimeout = null, TimeSpan? DepartureTimeout = null);
