using Grpc.Core;
using MediaGateway.Server.Operations;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>mediagateway.v1.TrackService.</summary>
internal sealed class TrackCalls(TrackOperations tracks) : TrackService.TrackServiceBase
{
    public override async Task<ListPublicationsResponse> ListPublications(ListPublicationsRequest request, ServerCallContext context)
    {
        var stats = await tracks.MeasurePublicationsAsync(context.GetCaller(), request.Room, request.Identity);
        return new ListPublicationsResponse { Publications = { stats.Select(ControlModels.Of) } };
    }

    public override async Task<ListSubscriptionsResponse> ListSubscriptions(ListSubscriptionsRequest request, ServerCallContext context)
    {
        var stats = await tracks.MeasureSubscriptionsAsync(context.GetCaller(), request.Room, request.Identity);
        return new ListSubscriptionsResponse { Subscriptions = { stats.Select(ControlModels.Of) } };
    }

    public override async Task<UpdateSubscriptionsResponse> UpdateSubscriptions(UpdateSubscriptionsRequest request,
        ServerCallContext context)
    {
        await tracks.SetSubscriptionsAsync(context.GetCaller(), request.Room, request.Identity, request.TrackSids, request.Subscribe);
        return new UpdateSubscriptionsResponse();
    }

    public override async Task<SetTrackLimitsResponse> SetTrackLimits(SetTrackLimitsRequest request, ServerCallContext context)
    {
        await tracks.SetLimitsAsync(context.GetCaller(), request.Room, request.TrackSid, request.SubscriberIdentity,
            ControlModels.Read(request.Limits));
        return new SetTrackLimitsResponse();
    }

    public override async Task<RequestKeyFrameResponse> RequestKeyFrame(RequestKeyFrameRequest request, ServerCallContext context)
    {
        await tracks.RequestKeyFrameAsync(context.GetCaller(), request.Room, request.TrackSid);
        return new RequestKeyFrameResponse();
    }
}
