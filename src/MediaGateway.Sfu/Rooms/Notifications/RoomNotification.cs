using System.Collections.Immutable;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>A notification to a participant's client; they arrive in the order in which they are made. Immutable: it is built on the
/// worker's thread and sent on another.</summary>
public abstract record RoomNotification
{
    private RoomNotification()
    {
    }

    /// <summary>Our answer. <paramref name="Tracks"/> names the track behind every section that we send on.</summary>
    public sealed record Answered(uint Id, SessionDescription Description, ImmutableDictionary<Mid, TrackSid> Tracks) : RoomNotification;

    /// <summary>Our offer for the subscriber's connection.</summary>
    public sealed record Offered(uint Id, SessionDescription Description, ImmutableDictionary<Mid, TrackSid> Tracks) : RoomNotification;

    /// <summary>A description could not be used; what was negotiated before stands.</summary>
    public sealed record NegotiationFailed(SignalTarget Target, NegotiationError Error) : RoomNotification;

    /// <summary>The client has to add this many sections for receiving, and to offer, even when both are 0.</summary>
    public sealed record MediaSectionsRequired(int Audio, int Video) : RoomNotification;

    public sealed record ParticipantsChanged(ImmutableArray<ParticipantInfo> Participants) : RoomNotification;

    public sealed record RoomChanged(RoomInfo Room) : RoomNotification;

    /// <summary>The track was taken; its media section may come before or after.</summary>
    public sealed record TrackPublished(string Cid, TrackInfo Track) : RoomNotification;

    /// <summary>The gateway has ended a track of this participant's.</summary>
    public sealed record TrackUnpublished(TrackSid Track) : RoomNotification;

    /// <summary>Somebody has subscribed to this track of the participant's for the first time.</summary>
    public sealed record TrackSubscribed(TrackSid Track) : RoomNotification;

    /// <summary>The client has to mute its track, or may send again.</summary>
    public sealed record MuteRequired(TrackSid Track, bool Muted) : RoomNotification;

    /// <summary>The participant's rights have changed. Its client reads them from its own info; its next token has them.</summary>
    public sealed record PermissionsChanged(ParticipantPermissions Permissions) : RoomNotification;

    /// <summary>Changes only.</summary>
    public sealed record SpeakersChanged(ImmutableArray<SpeakerInfo> Speakers) : RoomNotification;

    /// <summary>Changes only.</summary>
    public sealed record ConnectionQualityChanged(ImmutableArray<ConnectionQualityInfo> Participants) : RoomNotification;

    /// <summary>The layers of the participant's track that somebody watches have changed; the others need not be encoded.</summary>
    public sealed record SubscribedQualityChanged(TrackSid Track, string MimeType, ImmutableDictionary<VideoQuality, bool> Enabled)
        : RoomNotification;

    /// <summary>Tracks are not sent to the participant because the gateway has too much to do, or are sent again. Changes only.</summary>
    public sealed record StreamStatesChanged(ImmutableArray<StreamStateInfo> Streams) : RoomNotification;

    /// <summary>A publisher lets the participant have a track, or does so no longer.</summary>
    public sealed record SubscriptionPermissionChanged(ParticipantSid Publisher, TrackSid Track, bool Allowed) : RoomNotification;

    /// <summary>The participant can't decode the track's codec, or there is no such track.</summary>
    public sealed record SubscriptionFailed(TrackSid Track, bool CodecUnsupported) : RoomNotification;

    /// <summary>Another connection has taken over signaling: this one ends without a word.</summary>
    public sealed record Superseded : RoomNotification;

    /// <summary>The last notification: the participant is out of the room.</summary>
    public sealed record Left(DisconnectReason Reason, LeaveAction Action) : RoomNotification
    {
        /// <summary>Token with which the client is to join again elsewhere; null for the one that it has.</summary>
        public string? Token { get; init; }
    }
}
