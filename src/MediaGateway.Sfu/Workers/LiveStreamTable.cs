using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Sfu.Workers;

/// <summary>The live streams of a worker, the commands that open and end them, and what live streams need of their worker.</summary>
public sealed class LiveStreamTable : ILiveStreamHost
{
    private readonly Dictionary<string, LiveStream> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<SlatePattern, Slate> _slates = [];
    private readonly MediaWorkerOptions _options;
    private readonly SlateLibrary _library;
    private readonly WorkerContext _context;
    private readonly PeerRegistry _peers;
    private readonly RoomTable _rooms;
    private readonly IWorkerOutbox _outbox;

    /// <param name="options">The worker's limits.</param>
    /// <param name="slates">The node's slates.</param>
    /// <param name="context">What everything on the worker shares.</param>
    /// <param name="peers">The worker's peers.</param>
    /// <param name="rooms">The worker's rooms, whose participants may be sources.</param>
    /// <param name="outbox">Gets the events of the live streams.</param>
    internal LiveStreamTable(
        MediaWorkerOptions options, SlateLibrary slates, WorkerContext context, PeerRegistry peers, RoomTable rooms, IWorkerOutbox outbox)
    {
        _options = options;
        _library = slates;
        _context = context;
        _peers = peers;
        _rooms = rooms;
        _outbox = outbox;
    }

    public IReadOnlyCollection<LiveStream> All
    {
        get
        {
            _context.Owner.Assert();
            return _streams.Values;
        }
    }

    WorkerContext ILiveStreamHost.Context
    {
        get
        {
            _context.Owner.Assert();
            return _context;
        }
    }

    public LiveStream? Find(string name)
    {
        _context.Owner.Assert();
        return _streams.GetValueOrDefault(name);
    }

    /// <summary>Takes a publisher in. It goes on air once it is connected.</summary>
    /// <param name="name">The live stream.</param>
    /// <param name="publisher">The peer, with its answer on the way.</param>
    /// <param name="takeOver">Whether it replaces the publisher that is there.</param>
    /// <param name="now">The time.</param>
    public OpenResult OpenPublisher(string name, Publisher publisher, bool takeOver, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(publisher);
        OpenResult admitted = Admit();
        if (admitted != OpenResult.Opened)
            return admitted;
        if (Find(name) is { } stream && !stream.Admits(takeOver, now))
            return OpenResult.StreamHasPublisher;
        _peers.Register(publisher, now);
        FindOrCreate(name).Add(publisher, now);
        return OpenResult.Opened;
    }

    /// <summary>Takes a viewer in; the stream need not be live yet.</summary>
    /// <param name="name">The live stream.</param>
    /// <param name="target">What of the stream the viewer watches.</param>
    /// <param name="viewer">The peer, with its answer on the way.</param>
    /// <param name="now">The time.</param>
    public OpenResult OpenViewer(string name, ViewTarget target, Viewer viewer, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        OpenResult admitted = Admit();
        if (admitted != OpenResult.Opened)
            return admitted;
        LiveStream? stream = Find(name);
        if (stream is not null && stream.Viewers.Count >= _options.MaxViewersPerStream)
            return OpenResult.TooManyViewers;
        if (target.SourceId.Length > 0 && stream?.HasSource(target.SourceId) != true)
            return OpenResult.SourceNotFound;
        _peers.Register(viewer, now);
        stream ??= FindOrCreate(name);
        stream.Add(viewer, target, now);
        OnStreamChanged(stream);
        return OpenResult.Opened;
    }

    /// <summary>Keeps a stream, published and watched or not, until it is deleted. Null while the worker stops.</summary>
    public LiveStream? Keep(string name, MonotonicTime now)
    {
        if (_peers.IsDraining)
            return null;
        LiveStream stream = FindOrCreate(name);
        stream.IsKept = true;
        OnMembersChanged(stream, now);
        return stream;
    }

    /// <summary>Closes the stream's publishers and viewers, and forgets it.</summary>
    public void Delete(LiveStream stream, MonotonicTime now) => Delete(stream, PeerCloseReason.StreamDeleted, now);

    internal void DeleteAll(PeerCloseReason reason, MonotonicTime now)
    {
        foreach (LiveStream stream in _streams.Values.ToImmutableArray())
            Delete(stream, reason, now);
    }

    /// <summary>Tells whether the worker has room for one more peer.</summary>
    internal OpenResult Admit() => _peers.Admit(_rooms.ParticipantCount);

    internal LiveStream FindOrCreate(string name)
    {
        if (Find(name) is { } stream)
            return stream;
        stream = new LiveStream(name, this);
        _streams.Add(name, stream);
        return stream;
    }

    /// <summary>Forgets a stream that nobody publishes, watches or directs any more, and reports the change.</summary>
    internal void OnMembersChanged(LiveStream stream, MonotonicTime now)
    {
        if (stream.IsEmpty && _streams.GetValueOrDefault(stream.Name) == stream)
        {
            _streams.Remove(stream.Name);
            stream.End(now);
        }
        OnStreamChanged(stream);
    }

    LiveStream? ILiveStreamHost.FindStream(string name) => Find(name);

    Room? ILiveStreamHost.FindRoom(string name) => _rooms.Find(name);

    Slate ILiveStreamHost.SlateOf(SlatePattern pattern)
    {
        if (!_slates.TryGetValue(pattern, out Slate? slate))
            _slates[pattern] = slate = new Slate(_library.Clips[pattern], _context.Media);
        return slate;
    }

    void ILiveStreamHost.OnMembersChanged(LiveStream stream, MonotonicTime now) => OnMembersChanged(stream, now);

    void ILiveStreamHost.OnStreamChanged(LiveStream stream) => OnStreamChanged(stream);

    void ILiveStreamHost.OnStreamFault(LiveStream stream, Exception fault) => OnStreamFault(stream, fault);

    private void OnStreamFault(LiveStream stream, Exception fault) => Report(new WorkerEvent.LiveStreamFaulted(stream.Name, fault));

    private void Delete(LiveStream stream, PeerCloseReason reason, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Delete(reason, now);
        OnMembersChanged(stream, now);
    }

    private void OnStreamChanged(LiveStream stream) => Report(new WorkerEvent.LiveStreamChanged(stream.Snapshot()));

    private void Report(WorkerEvent workerEvent)
    {
        _context.Owner.Assert();
        _outbox.Add(workerEvent);
    }
}
