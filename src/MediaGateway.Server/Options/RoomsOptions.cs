using System.ComponentModel.DataAnnotations;

namespace MediaGateway.Server.Options;

/// <summary>Meeting rooms: who opens them, how long they live, whom they take.</summary>
internal sealed record RoomsOptions
{
    /// <summary>True when joining a room that does not exist opens it; otherwise only tokens with roomCreate do.</summary>
    public bool AutoCreate { get; init; } = true;

    [Range(1, 1_000_000)]
    public int MaxRooms { get; init; } = 1_000;

    /// <summary>Participants of one room; its creator may ask for fewer.</summary>
    [Range(1, 100_000)]
    public int MaxParticipantsPerRoom { get; init; } = 500;

    /// <summary>Time a new room waits for its first participant, seconds.</summary>
    [Range(1, 86_400)]
    public int EmptyTimeoutSeconds { get; init; } = 300;

    /// <summary>Time a room stays after its last participant left, seconds.</summary>
    [Range(1, 86_400)]
    public int DepartureTimeoutSeconds { get; init; } = 20;

    /// <summary>Kinds of rooms that the control API opens by name.</summary>
    public IReadOnlyList<RoomPresetOptions> Presets { get; init; } = [];
}
