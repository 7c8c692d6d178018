using System.Collections.Immutable;
using Grpc.Core;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.V1;

namespace MediaGateway.Server.Control;

/// <summary>mediagateway.v1.LiveStreamService.</summary>
internal sealed class LiveStreamCalls(ControlNode node, LiveSessions sessions) : LiveStreamService.LiveStreamServiceBase
{
    public override async Task<CreateLiveStreamResponse> CreateLiveStream(CreateLiveStreamRequest request, ServerCallContext context)
    {
        StreamName name = ControlChecks.StreamName(request.Name);
        var caller = Caller.Of(context);
        caller.RequireStream(name.Value);
        string metadata = ControlChecks.Metadata(request.Metadata);
        ImmutableArray<SourceDescription> sources = [.. request.Sources.Select(source => ReadSource(source, name.Value, caller))];
        RequireDistinct(sources);
        sessions.RequireStreamSlot(name);
        bool created = await node.OnWorkerAsync(name.Value, (worker, now) =>
        {
            if (worker.FindStream(name.Value)?.IsKept == true)
                return false;
            Sfu.LiveStreams.LiveStream stream = worker.KeepStream(name.Value, now) ?? throw new ControlException(ControlError.Unavailable, "The gateway is stopping.");
            stream.Update(request.HasFailover ? request.Failover : true, metadata);
            foreach (SourceDescription source in sources)
                RequireDone(stream.AddSource(source, now), name.Value, source.Id);
            return true;
        });
        return new CreateLiveStreamResponse { LiveStream = Told(name.Value), Created = created };
    }

    public override Task<GetLiveStreamResponse> GetLiveStream(GetLiveStreamRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.MayList)
            caller.RequireStream(request.Name);
        return Task.FromResult(new GetLiveStreamResponse { LiveStream = Told(request.Name) });
    }

    public override Task<ListLiveStreamsResponse> ListLiveStreams(ListLiveStreamsRequest request, ServerCallContext context)
    {
        Caller.Of(context).RequireList();
        (IReadOnlyList<LiveStreamSnapshot> page, string next) = ControlChecks.Page(node.State.Streams, request.Names, request.PageSize, request.PageToken);
        return Task.FromResult(new ListLiveStreamsResponse { LiveStreams = { page.Select(StreamModels.Of) }, NextPageToken = next });
    }

    public override async Task<UpdateLiveStreamResponse> UpdateLiveStream(UpdateLiveStreamRequest request, ServerCallContext context)
    {
        Caller.Of(context).RequireStream(request.Name);
        string? metadata = request.HasMetadata ? ControlChecks.Metadata(request.Metadata) : null;
        await node.OnStreamAsync(request.Name, (_, stream, _) =>
        {
            stream.Update(request.HasFailover ? request.Failover : null, metadata);
            return true;
        });
        return new UpdateLiveStreamResponse { LiveStream = Told(request.Name) };
    }

    public override async Task<DeleteLiveStreamResponse> DeleteLiveStream(DeleteLiveStreamRequest request, ServerCallContext context)
    {
        Caller.Of(context).RequireStream(request.Name);
        await node.OnStreamAsync(request.Name, (worker, stream, now) =>
        {
            worker.DeleteStream(stream, now);
            return true;
        });
        return new DeleteLiveStreamResponse();
    }

    public override async Task<AddSourceResponse> AddSource(AddSourceRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        caller.RequireStream(request.LiveStream);
        SourceDescription source = ReadSource(request.Source, request.LiveStream, caller);
        return new AddSourceResponse
        {
            LiveStream = await DirectAsync(request.LiveStream, source.Id, context, (stream, now) => stream.AddSource(source, now)),
        };
    }

    public override async Task<RemoveSourceResponse> RemoveSource(RemoveSourceRequest request, ServerCallContext context) => new()
    {
        LiveStream = await DirectAsync(request.LiveStream, request.Source, context, (stream, now) => stream.RemoveSource(request.Source, now)),
    };

    public override async Task<SetPreviewResponse> SetPreview(SetPreviewRequest request, ServerCallContext context) => new()
    {
        LiveStream = await DirectAsync(request.LiveStream, request.Source, context, (stream, now) => stream.SetPreview(request.Source, now)),
    };

    public override async Task<CutResponse> Cut(CutRequest request, ServerCallContext context) => new()
    {
        LiveStream = await DirectAsync(request.LiveStream, "the preview", context, (stream, now) => stream.Cut(request.ExpectedProgram, now)),
    };

    public override async Task<TakeOverResponse> TakeOver(TakeOverRequest request, ServerCallContext context) => new()
    {
        LiveStream = await DirectAsync(request.LiveStream, request.Source, context, (stream, now) => stream.TakeOver(request.Source, request.ExpectedProgram, now)),
    };

    public override async Task<SetAudioResponse> SetAudio(SetAudioRequest request, ServerCallContext context) => new()
    {
        LiveStream = await DirectAsync(request.LiveStream, request.Source, context, (stream, now) => stream.SetAudio(request.Source, now)),
    };

    private async Task<V1.LiveStream> DirectAsync(string name, string source, ServerCallContext context, Func<Sfu.LiveStreams.LiveStream, MonotonicTime, BusResult> command)
    {
        Caller.Of(context).RequireStream(name);
        LiveStreamSnapshot after = await node.OnStreamAsync(name, (_, stream, now) =>
        {
            RequireDone(command(stream, now), name, source);
            return stream.Snapshot();
        });
        return StreamModels.Of(after);
    }

    private V1.LiveStream Told(string name) => StreamModels.Of(node.StreamOf(name));

    /// <summary>Who puts somebody's media on air needs the say over both.</summary>
    private SourceDescription ReadSource(V1.StreamSource? message, string stream, Caller caller)
    {
        SourceDescription source = StreamModels.Read(message);
        string? from = source switch
        {
            SourceDescription.Participant participant => participant.Room,
            SourceDescription.Publisher publisher => publisher.Stream,
            _ => null,
        };
        if (from is null)
            return source;
        if (source is SourceDescription.Participant)
            caller.RequireRoom(from);
        else
            caller.RequireStream(from);
        return node.AreNeighbours(stream, from) ? source : throw ControlException.AnotherWorker(stream, from);
    }

    private static void RequireDistinct(ImmutableArray<SourceDescription> sources)
    {
        if (sources.Select(source => source.Id).Append(SourceDescription.OwnPublisherId).Distinct(StringComparer.Ordinal).Count() != sources.Length + 1)
            throw ControlException.Invalid($"Each source has an id of its own; {SourceDescription.OwnPublisherId} is the stream's own publisher.");
        if (sources.Length >= Sfu.LiveStreams.LiveStream.MaxSources)
            throw new ControlException(ControlError.ResourceExhausted, $"A live stream has {Sfu.LiveStreams.LiveStream.MaxSources} sources at most, its own publisher included.");
    }

    private static void RequireDone(BusResult result, string stream, string source)
    {
        if (result == BusResult.Done)
            return;
        throw result switch
        {
            BusResult.SourceNotFound => new ControlException(ControlError.NotFound, $"The live stream {stream} has no source {source}."),
            BusResult.SourceExists => new ControlException(ControlError.AlreadyExists, $"The live stream {stream} has a source {source} already."),
            BusResult.TooManySources => new ControlException(ControlError.ResourceExhausted, $"A live stream has {Sfu.LiveStreams.LiveStream.MaxSources} sources at most, its own publisher included."),
            BusResult.NotRemovable => new ControlException(ControlError.FailedPrecondition, $"The source {source} is the stream's own publisher: it cannot be removed."),
            BusResult.NoPreview => new ControlException(ControlError.FailedPrecondition, "There is no preview to cut to: set one, or take a source over."),
            BusResult.NotLive => new ControlException(ControlError.FailedPrecondition, $"{source} sends nothing."),
            BusResult.ProgramChanged => new ControlException(ControlError.Aborted, "Another source is on air than you expected: somebody else was faster. Look again."),
            _ => new ArgumentOutOfRangeException(nameof(result)),
        };
    }
}
