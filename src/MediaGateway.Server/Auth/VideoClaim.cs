using System.Text.Json;

namespace MediaGateway.Server.Auth;

/// <summary>
/// The <c>video</c> claim as tokens carry it, in LiveKit's shape. A property that is null is absent, or null, in the token.
/// </summary>
internal sealed record VideoClaim
{
    public bool? RoomJoin { get; init; }

    public string? Room { get; init; }

    public bool? CanPublish { get; init; }

    public bool? CanSubscribe { get; init; }

    public bool? CanPublishData { get; init; }

    /// <summary>Names of sources. A token may hold anything here; what is no name that we know grants nothing.</summary>
    public IReadOnlyList<JsonElement>? CanPublishSources { get; init; }

    public bool? CanUpdateOwnMetadata { get; init; }

    public bool? RoomCreate { get; init; }

    public bool? RoomList { get; init; }

    public bool? RoomAdmin { get; init; }

    public bool? Control { get; init; }

    public bool? NodeAdmin { get; init; }

    public bool? Hidden { get; init; }

    public bool? Recorder { get; init; }

    public bool? Agent { get; init; }

    public string? DestinationRoom { get; init; }
}
