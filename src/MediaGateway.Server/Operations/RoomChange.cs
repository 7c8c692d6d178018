namespace MediaGateway.Server.Operations;

/// <summary>Change that a caller makes to a room. A null value leaves the old one.</summary>
/// <param name="Metadata">The application's own words about the room.</param>
/// <param name="MaxParticipants">0 for the gateway's limit.</param>
/// <param name="EmptyTimeout">Time the room waits for its first participant.</param>
/// <param name="DepartureTimeout">Time the room stays after its last participant left.</param>
internal sealed record RoomChange(string? Metadata = null, int? MaxParticipants = null, TimeSpan? EmptyTimeout = null,
    TimeSpan? DepartureTimeout = null);
