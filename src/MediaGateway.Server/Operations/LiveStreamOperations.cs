using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Sfu.LiveStreams;

namespace MediaGateway.Server.Operations;

/// <summary>Operations of directors on live streams. Each operation first refuses a caller whose token does not grant it.</summary>
internal sealed class LiveStreamOperations(WorkerCommands commands, LiveSessions sessions, EventLog log)
{
    private static readonly string TooManySources =
        $"A live stream has {LiveStream.MaxSources} sources at most, its own publisher included.";

    /// <exception cref="ContractException">PermissionDenied or NotFound.</exception>
    public LiveStreamSnapshot Get(Caller caller, string name)
    {
        if (!caller.MayList)
            caller.RequireStream(name);
        return log.State.RequireStream(name);
    }

    /// <summary>All live streams, ordered by name.</summary>
    /// <exception cref="ContractException">PermissionDenied.</exception>
    public IReadOnlyDictionary<string, LiveStreamSnapshot> List(Caller caller)
    {
        caller.RequireList();
        return log.State.Streams;
    }

    /// <summary>Makes a live stream that stays without a publisher, unless there is one already.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="name">The stream's name.</param>
    /// <param name="failover">Whether another source takes over when the one on air fails.</param>
    /// <param name="metadata">The application's own words about the stream.</param>
    /// <param name="sources">Its sources beside its own publisher; read once the caller may direct the stream.</param>
    /// <exception cref="ContractException">
    /// PermissionDenied, InvalidArgument, FailedPrecondition, ResourceExhausted or Unavailable.
    /// </exception>
    /// <exception cref="ContractException">AtCapacity or Draining.</exception>
    public async Task<(LiveStreamSnapshot Stream, bool IsNew)> CreateAsync(
        Caller caller, string name, bool failover, string metadata, IEnumerable<SourceDescription> sources)
    {
        StreamName stream = Arguments.RequireStreamName(name);
        caller.RequireStream(name);
        Arguments.RequireMetadata(metadata);
        ImmutableArray<SourceDescription> described = [.. sources];
        foreach (SourceDescription source in described)
            RequireSource(caller, name, source);
        RequireDistinct(described);
        sessions.RequireStreamSlot(stream);
        bool isNew = await commands.OnWorkerAsync(name, (worker, now) =>
        {
            if (worker.LiveStreams.Find(name)?.IsKept == true)
                return false;
            LiveStream kept = worker.LiveStreams.Keep(name, now)
                ?? throw new ContractException(ErrorCode.Draining, "The gateway is stopping.");
            kept.Update(failover, metadata);
            foreach (SourceDescription source in described)
                RequireDone(kept.AddSource(source, now), name, source.Id);
            return true;
        });
        return (log.State.RequireStream(name), isNew);
    }

    /// <summary>Changes a live stream. What is null stays as it is.</summary>
    /// <exception cref="ContractException">PermissionDenied, InvalidArgument or NotFound.</exception>
    public async Task<LiveStreamSnapshot> UpdateAsync(Caller caller, string name, bool? failover, string? metadata)
    {
        caller.RequireStream(name);
        if (metadata is not null)
            Arguments.RequireMetadata(metadata);
        await commands.OnStreamAsync(name, (_, stream, _) =>
        {
            stream.Update(failover, metadata);
            return true;
        });
        return log.State.RequireStream(name);
    }

    /// <exception cref="ContractException">PermissionDenied or NotFound.</exception>
    public Task DeleteAsync(Caller caller, string name)
    {
        caller.RequireStream(name);
        return commands.OnStreamAsync(name, (worker, stream, now) =>
        {
            worker.LiveStreams.Delete(stream, now);
            return true;
        });
    }

    /// <param name="caller">Who asks.</param>
    /// <param name="name">The stream.</param>
    /// <param name="read">Reads what the source is; called once the caller may direct the stream.</param>
    public Task<LiveStreamSnapshot> AddSourceAsync(Caller caller, string name, Func<SourceDescription> read)
    {
        caller.RequireStream(name);
        SourceDescription source = read();
        RequireSource(caller, name, source);
        return DirectAsync(caller, name, source.Id, (stream, now) => stream.AddSource(source, now));
    }

    public Task<LiveStreamSnapshot> RemoveSourceAsync(Caller caller, string name, string source) =>
        DirectAsync(caller, name, source, (stream, now) => stream.RemoveSource(source, now));

    public Task<LiveStreamSnapshot> SetPreviewAsync(Caller caller, string name, string source) =>
        DirectAsync(caller, name, source, (stream, now) => stream.SetPreview(source, now));

    /// <summary>Puts the preview on air, at its next key frame.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="name">The stream.</param>
    /// <param name="expectedProgram">The source that the caller believes to be on air; empty for whichever is.</param>
    public Task<LiveStreamSnapshot> CutAsync(Caller caller, string name, string expectedProgram) =>
        DirectAsync(caller, name, "the preview", (stream, now) => stream.Cut(expectedProgram, now));

    /// <summary>Puts a source on air, at its next key frame, whatever the preview is.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="name">The stream.</param>
    /// <param name="source">The source.</param>
    /// <param name="expectedProgram">The source that the caller believes to be on air; empty for whichever is.</param>
    public Task<LiveStreamSnapshot> SetProgramAsync(Caller caller, string name, string source, string expectedProgram) =>
        DirectAsync(caller, name, source, (stream, now) => stream.TakeOver(source, expectedProgram, now));

    public Task<LiveStreamSnapshot> SetAudioAsync(Caller caller, string name, string source) =>
        DirectAsync(caller, name, source, (stream, now) => stream.SetAudio(source, now));

    /// <summary>Runs a command of the director, and gives the stream as it was right after.</summary>
    /// <exception cref="ContractException">
    /// PermissionDenied, NotFound, AlreadyExists, FailedPrecondition, Aborted or ResourceExhausted.
    /// </exception>
    private Task<LiveStreamSnapshot> DirectAsync(Caller caller, string name, string source,
        Func<LiveStream, MonotonicTime, BusResult> command)
    {
        caller.RequireStream(name);
        return commands.OnStreamAsync(name, (_, stream, now) =>
        {
            RequireDone(command(stream, now), name, source);
            return stream.Snapshot();
        });
    }

    /// <summary>Refuses a caller that puts somebody's media on air without the say over both.</summary>
    private void RequireSource(Caller caller, string stream, SourceDescription source)
    {
        string? from = source switch
        {
            SourceDescription.Participant participant => participant.Room,
            SourceDescription.Publisher publisher => publisher.Stream,
            _ => null,
        };
        if (from is null)
            return;
        if (source is SourceDescription.Participant)
            caller.RequireRoom(from);
        else
            caller.RequireStream(from);
        if (!commands.AreNeighbours(stream, from))
            throw Refusal.AnotherWorker(stream, from);
    }

    private static void RequireDistinct(ImmutableArray<SourceDescription> sources)
    {
        if (sources.Select(source => source.Id).Append(SourceDescription.OwnPublisherId).Distinct(StringComparer.Ordinal)
            .Count() != sources.Length + 1)
            throw Refusal.Invalid($"Each source has an id of its own; {SourceDescription.OwnPublisherId} is the stream's own publisher.");
        if (sources.Length >= LiveStream.MaxSources)
            throw new ContractException(ErrorCode.LimitReached, TooManySources);
    }

    private static void RequireDone(BusResult result, string stream, string source)
    {
        if (result == BusResult.Done)
            return;
        throw result switch
        {
            BusResult.SourceNotFound =>
                new ContractException(ErrorCode.SourceNotFound, $"The live stream {stream} has no source {source}."),
            BusResult.SourceExists =>
                new ContractException(ErrorCode.SourceExists, $"The live stream {stream} has a source {source} already."),
            BusResult.TooManySources => new ContractException(ErrorCode.LimitReached, TooManySources),
            BusResult.NotRemovable => new ContractException(ErrorCode.SourceNotRemovable,
                $"The source {source} is the stream's own publisher: it cannot be removed."),
            BusResult.NoPreview =>
                new ContractException(ErrorCode.NoPreview, "There is no preview to cut to: set one, or take a source over."),
            BusResult.NotLive => new ContractException(ErrorCode.SourceNotLive, $"{source} sends nothing."),
            BusResult.ProgramChanged => new ContractException(ErrorCode.ProgramChanged,
                "Another source is on air than you expected: somebody else was faster. Look again."),
            _ => new ArgumentOutOfRangeException(nameof(result)),
        };
    }
}
