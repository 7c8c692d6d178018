namespace MediaGateway.Server.Auth;

/// <summary>Rights of a token's bearer, and the room they hold for: the <c>video</c> claim, with the defaults of what is absent.</summary>
/// <param name="RoomJoin">Whether the bearer may take part at all.</param>
/// <param name="Room">The one room, or live stream, that the grant is for.</param>
/// <param name="CanPublish">Whether the bearer may publish; true when absent.</param>
/// <param name="CanSubscribe">Whether the bearer may subscribe; true when absent.</param>
/// <param name="PublishSources">The sources that may be published; all of them when absent or empty.</param>
internal sealed record VideoGrant(bool RoomJoin, string Room, bool CanPublish, bool CanSubscribe, TrackSources PublishSources)
{
    /// <summary>True when the bearer may send data; as <see cref="CanPublish"/> when absent.</summary>
    public bool CanPublishData { get; init; } = CanPublish;

    public bool CanUpdateOwnMetadata { get; init; }

    /// <summary>True when the bearer may open and delete rooms.</summary>
    public bool RoomCreate { get; init; }

    public bool RoomList { get; init; }

    /// <summary>True when the bearer may direct <see cref="Room"/> and its participants.</summary>
    public bool RoomAdmin { get; init; }

    /// <summary>The room into which participants of <see cref="Room"/> may be moved.</summary>
    public string DestinationRoom { get; init; } = "";

    /// <summary>True when the bearer may direct the live stream, or the room, <see cref="Room"/>. Our own grant, not LiveKit's.</summary>
    public bool Control { get; init; }

    /// <summary>
    /// True when the bearer may do everything, to all rooms and streams and to the process itself. Our own grant, not LiveKit's.
    /// </summary>
    public bool NodeAdmin { get; init; }

    /// <summary>True when the others in the room do not learn of the bearer.</summary>
    public bool Hidden { get; init; }

    public bool Recorder { get; init; }

    public bool Agent { get; init; }
}
