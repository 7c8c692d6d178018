namespace MediaGateway.Client;

/// <summary>Rights of an access token's bearer. The control API's page says which call needs which grant.</summary>
public sealed record GatewayGrants
{
    /// <summary>Everything, the process itself included.</summary>
    public static GatewayGrants Everything { get; } = new() { NodeAdmin = true };

    /// <summary>The room, or the live stream, that <see cref="RoomAdmin"/> and <see cref="Control"/> are for; empty for none.</summary>
    public string Room { get; init; } = "";

    /// <summary>The room that participants may be moved or forwarded to from <see cref="Room"/>; empty for none.</summary>
    public string DestinationRoom { get; init; } = "";

    /// <summary>Open and delete rooms.</summary>
    public bool RoomCreate { get; init; }

    /// <summary>List rooms and live streams, watch all events and numbers.</summary>
    public bool RoomList { get; init; }

    /// <summary>Direct the room and who is in it.</summary>
    public bool RoomAdmin { get; init; }

    /// <summary>Direct the room, and the live stream of its name.</summary>
    public bool Control { get; init; }

    /// <summary>Everything, the process itself included.</summary>
    public bool NodeAdmin { get; init; }

    /// <summary>The <c>video</c> claim of a token. Grants that are not given are left out, so that tokens stay short.</summary>
    internal Dictionary<string, object> ToClaim()
    {
        Dictionary<string, object> claim = [];
        AddText("room", Room);
        AddText("destinationRoom", DestinationRoom);
        AddFlag("roomCreate", RoomCreate);
        AddFlag("roomList", RoomList);
        AddFlag("roomAdmin", RoomAdmin);
        AddFlag("control", Control);
        AddFlag("nodeAdmin", NodeAdmin);
        return claim;

        void AddText(string name, string value)
        {
            if (value.Length > 0)
                claim[name] = value;
        }

        void AddFlag(string name, bool isGranted)
        {
            if (isGranted)
                claim[name] = true;
        }
    }
}
