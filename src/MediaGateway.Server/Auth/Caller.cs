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

    /// <param name="right">The right.</param>
    /// <param name="name">The room or stream that it has to be for; empty for rights that are for none.</param>
    public bool Has(Right right, string name = "") => token.Grant.NodeAdmin || right switch
    {
        Right.CreateRooms => token.Grant.RoomCreate,
        Right.ListAll => token.Grant.RoomList,
        Right.DirectRoom => DirectsRoom(name),
        Right.FillRoom => DirectsRoom(name) || (token.Grant.RoomAdmin && token.Grant.DestinationRoom == name),
        Right.DirectStream => token.Grant.Control && token.Grant.Room == name,
        _ => false,
    };

    /// <summary>Refuses unless the token grants a right.</summary>
    /// <param name="right">The right.</param>
    /// <param name="name">The room or stream that it has to be for; empty for rights that are for none.</param>
    /// <exception cref="ContractException"><see cref="ErrorCode.NotGranted"/>.</exception>
    public void Require(Right right, string name = "")
    {
        if (!Has(right, name))
            throw new ContractException(ErrorCode.NotGranted, $"The token does not grant {Describe(right, name)}.");
    }

    private bool DirectsRoom(string room) => (token.Grant.RoomAdmin || token.Grant.Control) && token.Grant.Room == room;

    private static string Describe(Right right, string name) => right switch
    {
        Right.CreateRooms => "roomCreate",
        Right.ListAll => "roomList",
        Right.DirectRoom => $"roomAdmin or control for the room {name}",
        Right.FillRoom => $"roomAdmin, control or destinationRoom for the room {name}",
        Right.DirectStream => $"control for the live stream {name}",
        _ => "nodeAdmin",
    };
}
