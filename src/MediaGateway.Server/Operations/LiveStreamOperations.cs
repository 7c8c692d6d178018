using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Sfu.LiveStreams;

namespace MediaGateway.Server.Operations;

/// <summary>Operations of directors on live streams, for callers who may: the gate has seen to that.</summary>
internal sealed class LiveStreamOperations(WorkerCommands commands, LiveSessions sessions, EventLog log)
{
    private static readonly string TooManySources =
        $"A live stream has {LiveStream.MaxSources} sources at most, its own publisher included.";

    /// <summary>All live streams, ordered by name.</summary>
    public IReadOnlyDictionary<string, LiveStreamSnapshot> All => log.State.Streams;

    /// <exception cref="ContractException">NotFound.</exception>
    public LiveStreamSnapshot Get(string name) => log.State.RequireStream(name);

    /// <summary>Makes a live stream that stays without a publisher, unless there is one already.</summary>
    /// <param name="name">The stream's name.</param>
    /// <param name="failover">Whether another source takes over when the one on air fails.</param>
    /// <param name="metadata">The application's own words about the stream.</param>
    /// <param name="sources">Its sources beside its own publisher.</param>
    /// <exception cref="ContractException">
    /// InvalidArgument, FailedPrecondition, ResourceExhausted or Unavailable.
    /// </exception>
    /// <exception cref="ContractException">AtCapacity or Draining.</exception>
    public async Task<(LiveStreamSnapshot Stream, bool IsNew)> CreateAsync(
        string name, bool failover, string metadata, IEnumerable<SourceDescription> sources)
    {
        StreamName stream = Arguments.RequireStreamName(name);
        Arguments.RequireMetadata(metadata);
        ImmutableArray<SourceDescription> described = [.. sources];
        foreach (SourceDescription source in described)
            RequireNeighbour(name, source);
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
    /// <exception cref="ContractException">InvalidArgument or NotFound.</exception>
    public async Task<LiveStreamSnapshot> UpdateAsync(string name, bool? failover, string? metadata)
    {
        if (metadata is not null)
            Arguments.RequireMetadata(metadata);
        await commands.OnStreamAsync(name, (_, stream, _) =>
        {
            stream.Update(failover, metadata);
            return true;
        });
        return log.State.RequireStream(name);
    }

    /// <exception cref="ContractException">NotFound.</exception>
    public Task DeleteAsync(string name) => commands.OnStreamAsync(name, (worker, stream, now) =>
    {
        worker.LiveStreams.Delete(stream, now);
        return true;
    });

    public Task<LiveStreamSnapshot> AddSourceAsync(string name, SourceDescription source)
    {
        RequireNeighbour(name, source);
        return DirectAsync(name, source.Id, (stream, now) => stream.AddSource(source, now));
    }

    public Task<LiveStreamSnapshot> RemoveSourceAsync(string name, string source) =>
        DirectAsync(name, source, (stream, now) => stream.RemoveSource(source, now));

    public Task<LiveStreamSnapshot> SetPreviewAsync(string name, string source) =>
        DirectAsync(name, source, (stream, now) => stream.SetPreview(source, now));

    /// <summary>Puts the preview on air, at its next key frame.</summary>
    /// <param name="name">The stream.</param>
    /// <param name="expectedProgram">The source that the caller believes to be on air; empty for whichever is.</param>
    public Task<LiveStreamSnapshot> CutAsync(string name, string expectedProgram) =>
        DirectAsync(name, "the preview", (stream, now) => stream.Cut(expectedProgram, now));

    /// <summary>Puts a source on air, at its next key frame, whatever the preview is.</summary>
    /// <param name="name">The stream.</param>
    /// <param name="source">The source.</param>
    /// <param name="expectedProgram">The source that the caller believes to be on air; empty for whichever is.</param>
    public Task<LiveStreamSnapshot> SetProgramAsync(string name, string source, string expectedProgram) =>
        DirectAsync(name, source, (stream, now) => stream.SetProgram(source, expectedProgram, now));

    public Task<LiveStreamSnapshot> SetAudioAsync(string name, string source) =>
        DirectAsync(name, source, (stream, now) => stream.SetAudio(source, now));

    /// <summary>Runs a command of the director, and gives the stream as it was right after.</summary>
    /// <exception cref="ContractException">
    /// NotFound, AlreadyExists, FailedPrecondition, Aborted or ResourceExhausted.
    /// </exception>
    private Task<LiveStreamSnapshot> DirectAsync(string name, string source, Func<LiveStream, MonotonicTime, BusResult> command) =>
        commands.OnStreamAsync(name, (_, stream, now) =>
        {
            RequireDone(command(stream, now), name, source);
            return stream.Snapshot();
        });

    /// <summary>Refuses a source whose media does not reach the stream.</summary>
    private void RequireNeighbour(string stream, SourceDescription source)
    {
        string? from = source switch
        {
            SourceDescription.Participant participant => participant.Room,
            SourceDescription.Publisher publisher => publisher.Stream,
            _ => null,
        };
        if (from is not null && !commands.AreNeighbours(stream, from))
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
                new ContractException(ErrorCode.NoPreview, "There is no preview to cut to: choose one, or name the source to take on air."),
            BusResult.NotLive => new ContractException(ErrorCode.SourceNotLive, $"{source} sends nothing."),
            BusResult.ProgramChanged => new ContractException(ErrorCode.ProgramChanged,
                "Another source is on air than you expected: somebody else was faster. Look again."),
            _ => new ArgumentOutOfRangeException(nameof(result)),
        };
    }
}
