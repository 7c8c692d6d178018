using MediaGateway.Server.LiveStreams;

namespace MediaGateway.Server.Auth;

/// <summary>A verified token.</summary>
/// <param name="Identity">Who bears it.</param>
/// <param name="Grant">What they may do.</param>
internal sealed record AccessToken(ParticipantIdentity Identity, VideoGrant Grant)
{
    /// <summary>Refuses unless the token lets its bearer publish (WHIP) or watch (WHEP) this stream.</summary>
    /// <exception cref="ContractException"><see cref="ErrorCode.NotGranted"/>.</exception>
    public void Require(SessionKind kind, StreamName stream)
    {
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

    private static ContractException NotGranted(string reason) => new(ErrorCode.NotGranted, $"Refused: {reason}.");
}
