using Grpc.Core;
using MediaGateway.Server.Operations;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>mediagateway.v1.TrackService.</summary>
internal sealed class TrackCalls(TrackOperations tracks) : TrackService.TrackServiceBase
{
    public override async Task<ListPublicationsResponse> ListPublications(ListPublicationsRequest request, ServerCallContext context)
    {
        Page<PublicationStats> page = await tracks.MeasurePublicationsAsync(
            request.Room, request.Identity, PageTokens.Read(request));
        return new ListPublicationsResponse
        { Publications = { page.Items.Select(ControlModels.Of) }, NextPageToken = PageTokens.NextOf(request, page) };
    }

    public override async Task<ListSubscriptionsResponse> ListSubscriptions(ListSubscriptionsRequest request, ServerCallContext context)
    {
        Page<SubscriptionStats> page = await tracks.MeasureSubscriptionsAsync(
            request.Room, request.Identity, PageTokens.Read(request));
        return new ListSubscriptionsResponse
        { Subscriptions = { page.Items.Select(ControlModels.Of) }, NextPageToken = PageTokens.NextOf(request, page) };
    }

    public override async Task<UpdateSubscriptionsResponse> UpdateSubscriptions(UpdateSubscriptionsRequest request,
        ServerCallContext context)
    {
        await tracks.SetSubscriptionsAsync(request.Room, request.Identity, request.TrackSids, request.Subscribe);
        return new UpdateSubscriptionsResponse();
    }

    public override async Task<SetTrackLimitsResponse> SetTrackLimits(SetTrackLimitsRequest request, ServerCallContext context)
    {
        await tracks.SetLimitsAsync(request.Room, request.TrackSid, request.SubscriberIdentity,
            ControlModels.Read(request.Limits));
        return new SetTrackLimitsResponse();
    }

    public override async Task<RequestKeyFrameResponse> RequestKeyFrame(RequestKeyFrameRequest request, ServerCallContext context)
    {
        await tracks.RequestKeyFrameAsync(request.Room, request.TrackSid);
        return new RequestKeyFrameResponse();
    }
}
