using System.ComponentModel.DataAnnotations;

namespace MediaGateway.Server.Options;

/// <summary>A kind of room that the control API opens by name. What is left out is as in <see cref="RoomsOptions"/>.</summary>
internal sealed record RoomPresetOptions
{
    public string Name { get; init; } = "";

    /// <summary>0 for no limit but the gateway's.</summary>
    [Range(0, 100_000)]
    public int MaxParticipants { get; init; }

    /// <summary>Seconds; 0 for the default.</summary>
    [Range(0, 86_400)]
    public int EmptyTimeoutSeconds { get; init; }

    /// <summary>Seconds; 0 for the default.</summary>
    [Range(0, 86_400)]
    public int DepartureTimeoutSeconds { get; init; }

    public string Metadata { get; init; } = "";
}
