using MediaGateway.Server.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;

namespace MediaGateway.Server.Auth;

/// <summary>A verified token.</summary>
/// <param name="Identity">Who bears it; empty when it names nobody, as tokens of back ends may.</param>
/// <param name="Grant">What they may do.</param>
/// <param name="Claims">What it says about them.</param>
/// <param name="Signed">The token itself: the key that signed it, its expiry, and its payload to renew it from.</param>
internal sealed record AccessToken(ParticipantIdentity Identity, VideoGrant Grant, ParticipantClaims Claims, JsonWebToken Signed)
{
    /// <summary>Refuses unless the token lets its bearer join the room that it names.</summary>
    /// <exception cref="ContractException">
    /// <see cref="ErrorCode.JoinNotGranted"/>, <see cref="ErrorCode.InvalidIdentity"/> or <see cref="ErrorCode.InvalidRoomName"/>.
    /// </exception>
    public RoomName RequireJoin()
    {
        if (!Grant.RoomJoin)
            throw new ContractException(ErrorCode.JoinNotGranted, "Refused: the token lacks the roomJoin grant.");
        if (Identity.IsEmpty)
            throw new ContractException(ErrorCode.InvalidIdentity, "The token's sub, the bearer's identity, is missing or too long.");
        return RoomName.TryParse(Grant.Room, out RoomName room)
            ? room
            : throw new ContractException(ErrorCode.InvalidRoomName, $"The token's room must have 1 to {RoomName.MaxLength} characters.");
    }

    /// <summary>Refuses unless the token lets its bearer publish (WHIP) or watch (WHEP) this stream.</summary>
    /// <exception cref="ContractException"><see cref="ErrorCode.NotGranted"/>.</exception>
    public void Require(SessionKind kind, StreamName stream)
    {
        if (kind == SessionKind.Whep && Grant.NodeAdmin)
            return;
        if (!Grant.RoomJoin)
            throw NotGranted("the token lacks the roomJoin grant");
        if (Grant.Room != stream.Value)
            throw NotGranted("the token's room is not this stream");
        if (kind == SessionKind.Whip && !Grant.CanPublish)
            throw NotGranted("the token lacks the canPublish grant");
        if (kind == SessionKind.Whip && Grant.PublishSources == TrackSources.None)
            throw NotGranted("the token's canPublishSources names no source this gateway knows");
        if (kind == SessionKind.Whep && !Grant.CanSubscribe)
            throw NotGranted("the token lacks the canSubscribe grant");
    }

    /// <summary>Refuses unless the token lets its bearer see what is not on air: the sources of a stream.</summary>
    /// <exception cref="ContractException"><see cref="ErrorCode.NotGranted"/>.</exception>
    public void RequireControl(StreamName stream)
    {
        if (!Grant.NodeAdmin && !(Grant.Control && Grant.Room == stream.Value))
            throw NotGranted("sources are for directors, and the token lacks the control grant for this stream");
    }

    private static ContractException NotGranted(string reason) => new(ErrorCode.NotGranted, $"Refused: {reason}.");
}
