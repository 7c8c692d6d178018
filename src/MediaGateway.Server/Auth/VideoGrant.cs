using System.Text.Json;

namespace MediaGateway.Server.Auth;

/// <summary>The <c>video</c> claim of a token, in LiveKit's shape: what its bearer may do, and in which room.</summary>
/// <param name="RoomJoin">Whether the bearer may take part at all.</param>
/// <param name="Room">The one room, here the live stream, that the grant is for.</param>
/// <param name="CanPublish">Absent means yes.</param>
/// <param name="CanSubscribe">Absent means yes.</param>
/// <param name="PublishSources">Absent or empty means all of them.</param>
internal sealed record VideoGrant(bool RoomJoin, string Room, bool CanPublish, bool CanSubscribe, TrackSources PublishSources)
{
    public static bool TryRead(JsonElement claim, out VideoGrant grant)
    {
        grant = new VideoGrant(false, "", false, false, TrackSources.None);
        if (claim.ValueKind != JsonValueKind.Object
            || !TryReadBool(claim, "roomJoin", absent: false, out bool roomJoin)
            || !TryReadRoom(claim, out string room)
            || !TryReadBool(claim, "canPublish", absent: true, out bool canPublish)
            || !TryReadBool(claim, "canSubscribe", absent: true, out bool canSubscribe)
            || !TryReadSources(claim, out TrackSources sources))
        {
            return false;
        }
        grant = new VideoGrant(roomJoin, room, canPublish, canSubscribe, sources);
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

    private static bool TryReadRoom(JsonElement claim, out string room)
    {
        room = "";
        if (!claim.TryGetProperty("room", out JsonElement element) || element.ValueKind == JsonValueKind.Null)
            return true;
        return TryGetText(element, out room);
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
        if (!TryGetText(source, out string name))
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

    /// <summary>JSON lets strings hold what is no text, such as half a surrogate pair; GetString can only throw then.</summary>
    private static bool TryGetText(JsonElement element, out string text)
    {
        text = "";
        if (element.ValueKind != JsonValueKind.String)
            return false;
        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
