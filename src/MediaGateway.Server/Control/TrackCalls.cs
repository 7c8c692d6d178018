using System.Collections.Immutable;
using Grpc.Core;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.V1;
using MediaKind = MediaGateway.Rtc.Primitives.MediaKind;

namespace MediaGateway.Server.Control;

/// <summary>mediagateway.v1.TrackService.</summary>
internal sealed class TrackCalls(ControlNode node) : TrackService.TrackServiceBase
{
    public override async Task<ListPublicationsResponse> ListPublications(ListPublicationsRequest request, ServerCallContext context)
    {
        Caller.Of(context).RequireRoom(request.Room);
        ImmutableArray<PublicationStats> stats = await node.OnRoomAsync(request.Room, (room, now) =>
            Chosen(room, request.Identity).SelectMany(member => member.Publications).Select(track => track.Measure(now)).ToImmutableArray());
        return new ListPublicationsResponse { Publications = { stats.Select(ControlModels.Of) } };
    }

    public override async Task<ListSubscriptionsResponse> ListSubscriptions(ListSubscriptionsRequest request, ServerCallContext context)
    {
        Caller.Of(context).RequireRoom(request.Room);
        ImmutableArray<SubscriptionStats> stats = await node.OnRoomAsync(request.Room, (room, _) =>
            Chosen(room, request.Identity).OfType<Sfu.Rooms.Members.Participant>().SelectMany(participant => participant.MeasureSubscriptions()).ToImmutableArray());
        return new ListSubscriptionsResponse { Subscriptions = { stats.Select(ControlModels.Of) } };
    }

    public override Task<UpdateSubscriptionsResponse> UpdateSubscriptions(UpdateSubscriptionsRequest request, ServerCallContext context) =>
        UpdateSubscriptionsAsync(request, Caller.Of(context));

    public override async Task<SetTrackLimitsResponse> SetTrackLimits(SetTrackLimitsRequest request, ServerCallContext context)
    {
        Caller.Of(context).RequireRoom(request.Room);
        Sfu.Rooms.Tracks.TrackLimits limits = ControlModels.Read(request.Limits);
        string identity = request.SubscriberIdentity.Length == 0 ? "" : ControlChecks.Identity(request.SubscriberIdentity);
        await node.OnRoomAsync(request.Room, (room, now) =>
        {
            TrackPublication track = Find(room, request.TrackSid);
            if (track.Kind != MediaKind.Video)
                throw ControlException.Invalid($"The track {request.TrackSid} is audio: it has no layers to limit.");
            return track.SetLimits(identity, limits, now)
                ? true
                : throw new ControlException(ControlError.ResourceExhausted, "As many participants have limits of their own as may.");
        });
        return new SetTrackLimitsResponse();
    }

    public override async Task<RequestKeyFrameResponse> RequestKeyFrame(RequestKeyFrameRequest request, ServerCallContext context)
    {
        Caller.Of(context).RequireRoom(request.Room);
        await node.OnRoomAsync(request.Room, (room, now) =>
        {
            TrackPublication track = Find(room, request.TrackSid);
            if (track.Kind != MediaKind.Video)
                throw ControlException.Invalid($"The track {request.TrackSid} is audio: it has no key frames.");
            track.RequestKeyFrame(now);
            return true;
        });
        return new RequestKeyFrameResponse();
    }

    public async Task<UpdateSubscriptionsResponse> UpdateSubscriptionsAsync(UpdateSubscriptionsRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        await node.OnParticipantAsync(request.Room, request.Identity, (participant, now) =>
        {
            ImmutableArray<TrackSid> tracks = [.. request.TrackSids.Select(sid => Find(participant.Room, sid).Sid)];
            participant.SetSubscriptions(tracks, request.Subscribe, now);
            return true;
        });
        return new UpdateSubscriptionsResponse();
    }

    private static TrackPublication Find(Sfu.Rooms.Room room, string sid) => room.FindTrack(new TrackSid(sid)) ?? throw ControlException.TrackNotFound(room.Name, sid);

    private static ImmutableArray<RoomMember> Chosen(Sfu.Rooms.Room room, string identity)
    {
        if (identity.Length == 0)
            return room.Members;
        return [room.Find(identity) ?? throw ControlException.ParticipantNotFound(room.Name, identity)];
    }
}
