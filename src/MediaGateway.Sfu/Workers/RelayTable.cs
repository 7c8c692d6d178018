using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// The links of a worker to the others, with the viewers there of its own live streams, and its viewers of live streams that live there.
/// </summary>
public sealed class RelayTable : IRelayHandler
{
    /// <summary>Most records taken from one link in one turn, so that the worker's own packets do not wait for long.</summary>
    private const int MaxRecordsPerTick = 256;

    private readonly Dictionary<(RelayLink, int Audience), Relayed> _audiences = [];
    private readonly Dictionary<string, LiveStreamMirror> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<LiveStreamMirror> _changed = [];
    private readonly MediaWorkerOptions _options;
    private readonly WorkerContext _context;
    private readonly PeerRegistry _peers;
    private readonly LiveStreamTable _home;
    private readonly IWorkerOutbox _outbox;
    private RelayLink?[] _links = [];
    private int _lastAudience;

    /// <param name="options">The worker's limits.</param>
    /// <param name="context">What everything on the worker shares.</param>
    /// <param name="peers">The worker's peers.</param>
    /// <param name="streams">The live streams that live on the worker.</param>
    /// <param name="outbox">Gets the events of the relay.</param>
    internal RelayTable(
        MediaWorkerOptions options, WorkerContext context, PeerRegistry peers, LiveStreamTable streams, IWorkerOutbox outbox)
    {
        _options = options;
        _context = context;
        _peers = peers;
        _home = streams;
        _outbox = outbox;
    }

    /// <summary>Live streams of other workers that have viewers here.</summary>
    public IReadOnlyCollection<LiveStreamMirror> All
    {
        get
        {
            _context.Owner.Assert();
            return _streams.Values;
        }
    }

    internal RelayStatistics Statistics { get; } = new();

    /// <summary>Number of publications on their way from here to other workers, and from those to here.</summary>
    internal int PublicationCount => _links.Sum(link => link is null ? 0 : link.TapCount + link.PublicationCount);

    /// <summary>True when some worker has no room for what is to be said to it.</summary>
    internal bool IsBehind { get; private set; }

    /// <summary>A live stream of another worker; null when it has no viewers here.</summary>
    public LiveStreamMirror? Find(string name)
    {
        _context.Owner.Assert();
        return _streams.GetValueOrDefault(name);
    }

    /// <summary>Takes a viewer in of a live stream that lives on another worker.</summary>
    /// <param name="home">That worker.</param>
    /// <param name="name">The live stream, which need not be live yet.</param>
    /// <param name="target">What of the stream the viewer watches; viewers of a single source are where the stream is.</param>
    /// <param name="viewer">The peer, with its answer on the way.</param>
    /// <param name="now">The time.</param>
    public OpenResult OpenViewer(int home, string name, ViewTarget target, Viewer viewer, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        OpenResult admitted = _home.Admit();
        if (admitted != OpenResult.Opened)
            return admitted;
        if (Find(name)?.Viewers.Count >= _options.MaxViewersPerStream)
            return OpenResult.TooManyViewers;
        if (target.SourceId.Length > 0)
            return OpenResult.SourceNotFound;
        LiveStreamMirror stream = FindOrCreate(home, name);
        _peers.Register(viewer, now);
        stream.Add(viewer, target, now);
        OnMembersChanged(stream);
        return OpenResult.Opened;
    }

    /// <param name="ports">The way to each worker, by its index; null for this worker.</param>
    internal void Connect(ReadOnlySpan<RelayPort?> ports)
    {
        _links = new RelayLink?[ports.Length];
        for (int i = 0; i < ports.Length; i++)
            _links[i] = ports[i] is { } port ? new RelayLink(port, _context.Media, Statistics, this) : null;
    }

    private LiveStreamMirror FindOrCreate(int home, string name)
    {
        if (_streams.TryGetValue(name, out LiveStreamMirror? stream))
            return stream;
        RelayLink link = (uint)home < (uint)_links.Length && _links[home] is { } known
            ? known
            : throw new ArgumentOutOfRangeException(nameof(home), home, "No other worker.");
        stream = new LiveStreamMirror(name, ++_lastAudience, link, OnMembersChanged);
        _streams.Add(name, stream);
        return stream;
    }

    /// <summary>Notes that viewers have come or gone: the stream's own worker learns it with the next <see cref="Publish"/>.</summary>
    private void OnMembersChanged(LiveStreamMirror stream) => _changed.Add(stream);

    /// <summary>Shows the other workers what they were sent.</summary>
    internal void Publish()
    {
        if (_changed.Count > 0)
        {
            foreach (LiveStreamMirror stream in _changed)
                TellAudience(stream);
            _changed.Clear();
        }
        IsBehind = false;
        foreach (RelayLink? link in _links)
        {
            link?.Publish();
            IsBehind |= link is { IsBehind: true };
        }
    }

    /// <summary>Takes in what the other workers have sent. True when there may be more.</summary>
    internal bool Receive(MonotonicTime now)
    {
        bool more = false;
        foreach (RelayLink? link in _links)
            more |= link is not null && link.Receive(MaxRecordsPerTick, now);
        return more;
    }

    bool IRelayHandler.OnMessage(RelayLink link, RelayTopic topic, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        if (topic != LiveStreamMessage.Topic || !LiveStreamMessage.TryRead(message, out LiveStreamMessage? told))
            return false;
        switch (told)
        {
            case LiveStreamMessage.Program program:
                Find(link, program.AudienceId)?.OnProgram(program, now);
                break;
            case LiveStreamMessage.Ended ended:
                OnEnded(link, ended, now);
                break;
            case LiveStreamMessage.Audience audience:
                OnAudience(link, audience, now);
                break;
            case LiveStreamMessage.Audiences audiences:
                OnAudiences(link, audiences, now);
                break;
        }
        return true;
    }

    void IRelayHandler.OnMessagesLost(RelayLink link)
    {
        foreach (((RelayLink other, _), Relayed relayed) in _audiences)
        {
            if (other == link)
                relayed.Audience.TellAgain();
        }
        LiveStreamMirror[] mirrors = [.. _streams.Values.Where(stream => stream.Link == link)];
        foreach (LiveStreamMirror stream in mirrors)
            Tell(stream, stream.Viewers.Count);
        new LiveStreamMessage.Audiences([.. mirrors.Select(stream => stream.Audience)]).SendOn(link);
    }

    void IRelayHandler.OnRelayFault(Exception fault) => _outbox.Add(new WorkerEvent.RelayFaulted(fault));

    private void OnAudience(RelayLink link, LiveStreamMessage.Audience told, MonotonicTime now)
    {
        if (!_audiences.TryGetValue((link, told.AudienceId), out Relayed? relayed))
        {
            if (told.Viewers == 0)
                return;
            if (_peers.IsDraining)
            {
                new LiveStreamMessage.Ended(told.AudienceId, PeerCloseReason.ShuttingDown).SendOn(link);
                return;
            }
            relayed = new Relayed(_home.FindOrCreate(told.Stream), new RemoteAudience(told.AudienceId, link));
            _audiences.Add((link, told.AudienceId), relayed);
            relayed.Stream.Add(relayed.Audience, now);
        }
        if (told.Viewers == 0)
            _audiences.Remove((link, told.AudienceId));
        // The viewers of a stream that has ended have not heard of that yet.
        if (relayed.Stream.IsEnded)
            return;
        relayed.Audience.ViewerCount = told.Viewers;
        if (told.Viewers == 0)
            relayed.Stream.Remove(relayed.Audience);
        _home.OnMembersChanged(relayed.Stream, now);
    }

    private void OnAudiences(RelayLink link, LiveStreamMessage.Audiences told, MonotonicTime now)
    {
        int[] ended = [.. _audiences.Keys.Where(key => key.Item1 == link).Select(key => key.Audience).Except(told.AudienceIds)];
        foreach (int audience in ended)
            OnAudience(link, new LiveStreamMessage.Audience(audience, 0, ""), now);
    }

    private void OnEnded(RelayLink link, LiveStreamMessage.Ended told, MonotonicTime now)
    {
        if (Find(link, told.AudienceId) is not { } stream)
            return;
        // A viewer that comes from now on comes to another stream of this name.
        _streams.Remove(stream.Name);
        stream.Close(told.Reason, now);
        _changed.Add(stream);
    }

    private LiveStreamMirror? Find(RelayLink link, int audience)
    {
        foreach (LiveStreamMirror stream in _streams.Values)
        {
            if (stream.Audience == audience && stream.Link == link)
                return stream;
        }
        return null;
    }

    private void TellAudience(LiveStreamMirror stream)
    {
        int viewers = stream.Viewers.Count;
        if (viewers == 0 && Find(stream.Name) == stream)
            _streams.Remove(stream.Name);
        if (viewers != stream.ToldViewers)
            Tell(stream, viewers);
    }

    private static void Tell(LiveStreamMirror stream, int viewers)
    {
        stream.ToldViewers = viewers;
        new LiveStreamMessage.Audience(stream.Audience, viewers, stream.Name).SendOn(stream.Link);
    }

    private sealed record Relayed(LiveStream Stream, RemoteAudience Audience);
}
