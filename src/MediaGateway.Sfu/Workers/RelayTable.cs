using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// A worker's links to the others: its live streams' viewers there, and its viewers of live streams that live there.
/// </summary>
internal sealed class RelayTable(WorkerContext context, LiveStreamTable streams, IWorkerOutbox outbox) : IRelayHandler
{
    /// <summary>Of one link and one tick: a batch, as from a socket.</summary>
    private const int MaxRecordsPerTick = 256;

    private readonly Dictionary<(RelayLink, int Audience), Relayed> _audiences = [];
    private readonly Dictionary<string, LiveStreamMirror> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<LiveStreamMirror> _changed = [];
    private RelayLink?[] _links = [];
    private int _lastAudience;

    public RelayStatistics Statistics { get; } = new();

    public IReadOnlyCollection<LiveStreamMirror> Streams => _streams.Values;

    /// <summary>Publications on their way there, and here.</summary>
    public int PublicationCount => _links.Sum(link => link is null ? 0 : link.TapCount + link.PublicationCount);

    /// <summary>Some worker has no room for what it has to be told.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>No stream is relayed to other workers any more.</summary>
    public bool IsDraining { get; set; }

    /// <param name="ports">By worker; null for this one.</param>
    public void Connect(ReadOnlySpan<RelayPort?> ports)
    {
        _links = new RelayLink?[ports.Length];
        for (int i = 0; i < ports.Length; i++)
            _links[i] = ports[i] is { } port ? new RelayLink(port, context.Media, Statistics, this) : null;
    }

    public LiveStreamMirror? Find(string name) => _streams.GetValueOrDefault(name);

    public LiveStreamMirror FindOrCreate(int home, string name)
    {
        if (_streams.TryGetValue(name, out LiveStreamMirror? stream))
            return stream;
        RelayLink link = (uint)home < (uint)_links.Length && _links[home] is { } known
            ? known
            : throw new ArgumentOutOfRangeException(nameof(home), home, "No other worker.");
        stream = new LiveStreamMirror(name, ++_lastAudience, link);
        _streams.Add(name, stream);
        return stream;
    }

    /// <summary>Viewers have come or gone: the stream's own worker is told with the next <see cref="Publish"/>.</summary>
    public void OnChanged(LiveStreamMirror stream) => _changed.Add(stream);

    /// <summary>Shows the other workers what they were sent.</summary>
    public void Publish()
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
    public bool Receive(MonotonicTime now)
    {
        bool more = false;
        foreach (RelayLink? link in _links)
            more |= link is not null && link.Receive(MaxRecordsPerTick, now);
        return more;
    }

    public bool OnMessage(RelayLink link, RelayTopic topic, ReadOnlySpan<byte> message, MonotonicTime now)
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
        }
        return true;
    }

    public void OnRelayFault(Exception fault) => outbox.Add(new WorkerEvent.RelayFaulted(fault));

    private void OnAudience(RelayLink link, LiveStreamMessage.Audience told, MonotonicTime now)
    {
        if (!_audiences.TryGetValue((link, told.AudienceId), out Relayed? relayed))
        {
            if (told.Viewers == 0)
                return;
            if (IsDraining)
            {
                new LiveStreamMessage.Ended(told.AudienceId, PeerCloseReason.ShuttingDown).SendOn(link);
                return;
            }
            relayed = new Relayed(streams.FindOrCreate(told.Stream), new RemoteAudience(told.AudienceId, link));
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
        streams.OnChanged(relayed.Stream, now);
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
        if (viewers == stream.ToldViewers)
            return;
        stream.ToldViewers = viewers;
        new LiveStreamMessage.Audience(stream.Audience, viewers, stream.Name).SendOn(stream.Link);
    }

    private sealed record Relayed(LiveStream Stream, RemoteAudience Audience);
}
