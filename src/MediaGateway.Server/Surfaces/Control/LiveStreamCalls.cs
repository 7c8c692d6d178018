using Grpc.Core;
using MediaGateway.Server.Operations;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>mediagateway.v1.LiveStreamService.</summary>
internal sealed class LiveStreamCalls(LiveStreamOperations streams) : LiveStreamService.LiveStreamServiceBase
{
    public override async Task<CreateLiveStreamResponse> CreateLiveStream(CreateLiveStreamRequest request, ServerCallContext context)
    {
        bool failover = !request.HasFailover || request.Failover;
        (LiveStreamSnapshot stream, bool isNew) = await streams.CreateAsync(
            request.Name, failover, request.Metadata, request.Sources.Select(StreamModels.Read));
        return new CreateLiveStreamResponse { LiveStream = StreamModels.Of(stream), Created = isNew };
    }

    public override Task<GetLiveStreamResponse> GetLiveStream(GetLiveStreamRequest request, ServerCallContext context) =>
        Task.FromResult(new GetLiveStreamResponse { LiveStream = StreamModels.Of(streams.Get(request.Name)) });

    public override Task<ListLiveStreamsResponse> ListLiveStreams(ListLiveStreamsRequest request, ServerCallContext context)
    {
        Page<LiveStreamSnapshot> page =
            PageTokens.Read(request).Take(ControlChecks.Named(streams.All, request.Names));
        return Task.FromResult(new ListLiveStreamsResponse
        { LiveStreams = { page.Items.Select(StreamModels.Of) }, NextPageToken = PageTokens.NextOf(request, page) });
    }

    public override async Task<UpdateLiveStreamResponse> UpdateLiveStream(UpdateLiveStreamRequest request, ServerCallContext context)
    {
        LiveStreamSnapshot stream = await streams.UpdateAsync(
            request.Name, request.HasFailover ? request.Failover : null, request.HasMetadata ? request.Metadata
            : null);
        return new UpdateLiveStreamResponse { LiveStream = StreamModels.Of(stream) };
    }

    public override async Task<DeleteLiveStreamResponse> DeleteLiveStream(DeleteLiveStreamRequest request, ServerCallContext context)
    {
        await streams.DeleteAsync(request.Name);
        return new DeleteLiveStreamResponse();
    }

    public override async Task<AddSourceResponse> AddSource(AddSourceRequest request, ServerCallContext context) => new()
    {
        LiveStream =
            StreamModels.Of(await streams.AddSourceAsync(request.LiveStream, StreamModels.Read(request.Source))),
    };

    public override async Task<RemoveSourceResponse> RemoveSource(RemoveSourceRequest request, ServerCallContext context) => new()
    {
        LiveStream = StreamModels.Of(await streams.RemoveSourceAsync(request.LiveStream, request.Source)),
    };

    public override async Task<SetPreviewResponse> SetPreview(SetPreviewRequest request, ServerCallContext context) => new()
    {
        LiveStream = StreamModels.Of(await streams.SetPreviewAsync(request.LiveStream, request.Source)),
    };

    public override async Task<CutResponse> Cut(CutRequest request, ServerCallContext context) => new()
    {
        LiveStream = StreamModels.Of(await streams.CutAsync(request.LiveStream, request.ExpectedProgram)),
    };

    public override async Task<SetProgramResponse> SetProgram(SetProgramRequest request, ServerCallContext context) => new()
    {
        LiveStream = StreamModels.Of(
            await streams.SetProgramAsync(request.LiveStream, request.Source, request.ExpectedProgram)),
    };

    public override async Task<SetAudioResponse> SetAudio(SetAudioRequest request, ServerCallContext context) => new()
    {
        LiveStream = StreamModels.Of(await streams.SetAudioAsync(request.LiveStream, request.Source)),
    };
}
