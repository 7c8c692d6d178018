using System.Collections.Immutable;
using MediaGateway.Server.Auth;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>The options of a participant that joins: who it is from the token, and how it is to be served from the URL.</summary>
internal static class ParticipantOptionsOf
{
    private static readonly ImmutableArray<(TrackSources Granted, TrackSource Source)> Sources =
    [
        (TrackSources.Camera, TrackSource.Camera),
        (TrackSources.Microphone, TrackSource.Microphone),
        (TrackSources.ScreenShare, TrackSource.ScreenShare),
        (TrackSources.ScreenShareAudio, TrackSource.ScreenShareAudio),
    ];

    public static ParticipantOptions Join(AccessToken token, JoinParameters parameters)
    {
        bool ownWords = token.Grant.CanUpdateOwnMetadata;
        return new ParticipantOptions
        {
            Identity = token.Identity.Value,
            Name = token.Claims.Name,
            Metadata = ownWords && parameters.Metadata.Length > 0 ? parameters.Metadata : token.Claims.Metadata,
            Attributes = ownWords ? token.Claims.Attributes.SetItems(parameters.Attributes) : token.Claims.Attributes,
            Kind = token.Claims.Kind,
            Permissions = Permissions(token.Grant),
            AutoSubscribe = parameters.AutoSubscribe,
            SinglePeerConnection = parameters.SinglePeerConnection,
            PublishesUnannounced = parameters.IsPlainPage,
            ClientProtocol = parameters.ClientProtocol,
            Capabilities = parameters.Capabilities,
        };
    }

    public static ParticipantPermissions Permissions(VideoGrant grant) => new()
    {
        CanSubscribe = grant.CanSubscribe,
        // Sources that are named, but none that the gateway knows, grant none.
        CanPublish = grant.CanPublish && grant.PublishSources != TrackSources.None,
        CanPublishData = grant.CanPublishData,
        CanPublishSources = grant.PublishSources == TrackSources.All
            ? []
            : [.. Sources.Where(pair => grant.PublishSources.HasFlag(pair.Granted)).Select(pair => pair.Source)],
        CanUpdateMetadata = grant.CanUpdateOwnMetadata,
        Hidden = grant.Hidden,
        Recorder = grant.Recorder,
        Agent = grant.Agent,
    };
}
