using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Auth;

/// <summary>The bearer of a token that asks for an operation, and what the token lets it do.</summary>
internal sealed class Caller(AccessToken token)
{
    public AccessToken Token => token;

    /// <summary>The API key that signed the token, and so is responsible.</summary>
    public string ApiKey => token.Signed.Issuer;

    public string Identity => token.Identity.IsEmpty ? "" : token.Identity.Value;

    public DateTimeOffset ExpiresAt => new(token.Signed.ValidTo, TimeSpan.Zero);

    public bool MayList => token.Grant.RoomList || token.Grant.NodeAdmin;

    public bool MayDirectRoom(string room) => token.Grant.NodeAdmin
        || ((token.Grant.RoomAdmin || token.Grant.Control) && token.Grant.Room == room);

    public bool MayDirectStream(string stream) => token.Grant.NodeAdmin || (token.Grant.Control && token.Grant.Room == stream);

    /// <summary>Refuses unless the token lets its bearer direct this room.</summary>
    /// <exception cref="ContractException">PermissionDenied.</exception>
    public void RequireRoom(string room) => Require(MayDirectRoom(room), $"roomAdmin or control for the room {room}");

    /// <summary>Refuses unless members of the room that the token is for may be moved into this one.</summary>
    /// <exception cref="ContractException">PermissionDenied.</exception>
    public void RequireDestination(string room) => Require(
        MayDirectRoom(room)
        || (token.Grant.RoomAdmin && token.Grant.DestinationRoom == room), $"roomAdmin, control or destinationRoom for the room {room}");

    public void RequireStream(string stream) => Require(MayDirectStream(stream), $"control for the live stream {stream}");

    /// <summary>Refuses unless the bearer may direct each of these, or may list everything.</summary>
    public void RequireWatch(IEnumerable<string> rooms, IEnumerable<string> streams)
    {
        if (MayList)
            return;
        foreach (string room in rooms)
            RequireRoom(room);
        foreach (string stream in streams)
            RequireStream(stream);
    }

    public void RequireCreate() => Require(token.Grant.RoomCreate || token.Grant.NodeAdmin, "roomCreate");

    public void RequireList() => Require(MayList, "roomList");

    public void RequireNode() => Require(token.Grant.NodeAdmin, "nodeAdmin");

    private static void Require(bool isGranted, string grant)
    {
        if (!isGranted)
            throw new ContractException(ErrorCode.NotGranted, $"The token does not grant {grant}.");
    }
}
