using System.Text.Json;

namespace MediaGateway.Server.Auth;

/// <summary>The <c>video</c> claim of a token, in LiveKit's shape: what its bearer may do, and in which room.</summary>
/// <param name="RoomJoin">Whether the bearer may take part at all.</param>
/// <param name="Room">The one room, or live stream, that the grant is for.</param>
/// <param name="CanPublish">Absent means yes.</param>
/// <param name="CanSubscribe">Absent means yes.</param>
/// <param name="PublishSources">Absent or empty means all of them.</param>
internal sealed record VideoGrant(bool RoomJoin, string Room, bool CanPublish, bool CanSubscribe, TrackSources PublishSources)
{
    /// <summary>Absent means as <see cref="CanPublish"/>.</summary>
    public bool CanPublishData { get; init; } = CanPublish;

    public bool CanUpdateOwnMetadata { get; init; }

    /// <summary>Open and delete rooms.</summary>
    public bool RoomCreate { get; init; }

    public bool RoomList { get; init; }

    /// <summary>Direct <see cref="Room"/> and who is in it.</summary>
    public bool RoomAdmin { get; init; }

    /// <summary>The room into which participants of <see cref="Room"/> may be moved.</summary>
    public string DestinationRoom { get; init; } = "";

    /// <summary>Direct the live stream, or the room, <see cref="Room"/>. Ours, not LiveKit's.</summary>
    public bool Control { get; init; }

    /// <summary>Everything, on all rooms and streams and on the process itself. Ours, not LiveKit's.</summary>
    public bool NodeAdmin { get; init; }

    /// <summary>The others don't learn of the bearer.</summary>
    public bool Hidden { get; init; }

    public bool Recorder { get; init; }

    public bool Agent { get; init; }

    public static bool TryRead(JsonElement claim, out VideoGrant grant)
    {
        grant = new VideoGrant(false, "", false, false, TrackSources.None);
        if (claim.ValueKind != JsonValueKind.Object
            || !TryReadBool(claim, "roomJoin", absent: false, out bool roomJoin)
            || !TryReadText(claim, "room", out string room)
            || !TryReadText(claim, "destinationRoom", out string destinationRoom)
            || !TryReadBool(claim, "canPublish", absent: true, out bool canPublish)
            || !TryReadBool(claim, "canSubscribe", absent: true, out bool canSubscribe)
            || !TryReadBool(claim, "canPublishData", absent: canPublish, out bool canPublishData)
            || !TryReadBool(claim, "canUpdateOwnMetadata", absent: false, out bool canUpdateOwnMetadata)
            || !TryReadBool(claim, "roomCreate", absent: false, out bool roomCreate)
            || !TryReadBool(claim, "roomList", absent: false, out bool roomList)
            || !TryReadBool(claim, "roomAdmin", absent: false, out bool roomAdmin)
            || !TryReadBool(claim, "control", absent: false, out bool control)
            || !TryReadBool(claim, "nodeAdmin", absent: false, out bool nodeAdmin)
            || !TryReadBool(claim, "hidden", absent: false, out bool hidden)
            || !TryReadBool(claim, "recorder", absent: false, out bool recorder)
            || !TryReadBool(claim, "agent", absent: false, out bool agent)
            || !TryReadSources(claim, out TrackSources sources))
        {
            return false;
        }
        grant = new VideoGrant(roomJoin, room, canPublish, canSubscribe, sources)
        {
            CanPublishData = canPublishData,
            CanUpdateOwnMetadata = canUpdateOwnMetadata,
            RoomCreate = roomCreate,
            RoomList = roomList,
            RoomAdmin = roomAdmin,
            DestinationRoom = destinationRoom,
            Control = control,
            NodeAdmin = nodeAdmin,
            Hidden = hidden,
            Recorder = recorder,
            Agent = agent,
        };
        return true;
    }

    private static bool TryReadBool(JsonElement claim, string name, bool absent, out bool value)
    {
        value = absent;
        if (!claim.TryGetProperty(name, out JsonElement element) || element.ValueKind == JsonValueKind.Null)
            return true;
        value = element.ValueKind == JsonValueKind.True;
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }

    private static bool TryReadText(JsonElement claim, string name, out string text)
    {
        text = "";
        if (!claim.TryGetProperty(name, out JsonElement element) || element.ValueKind == JsonValueKind.Null)
            return true;
        return JsonText.TryGet(element, out text);
    }

    private static bool TryReadSources(JsonElement claim, out TrackSources sources)
    {
        sources = TrackSources.All;
        if (!claim.TryGetProperty("canPublishSources", out JsonElement element) || element.ValueKind == JsonValueKind.Null)
            return true;
        if (element.ValueKind != JsonValueKind.Array)
            return false;
        if (element.GetArrayLength() == 0)
            return true;
        sources = TrackSources.None;
        foreach (JsonElement source in element.EnumerateArray())
            sources |= SourceNamed(source);
        return true;
    }

    /// <summary>A source this gateway does not know grants nothing.</summary>
    private static TrackSources SourceNamed(JsonElement source)
    {
        if (!JsonText.TryGet(source, out string name))
            return TrackSources.None;
        return name switch
        {
            "camera" => TrackSources.Camera,
            "microphone" => TrackSources.Microphone,
            "screen_share" => TrackSources.ScreenShare,
            "screen_share_audio" => TrackSources.ScreenShareAudio,
            _ => TrackSources.None,
        };
    }
}
