using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
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
    private readonly Dictionary<string, RelayedStream> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<RelayedStream> _changed = [];
    private RelayLink?[] _links = [];
    private int _lastAudience;

    public RelayStatistics Statistics { get; } = new();

    public IReadOnlyCollection<RelayedStream> Streams => _streams.Values;

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

    public RelayedStream? Find(string name) => _streams.GetValueOrDefault(name);

    public RelayedStream FindOrCreate(int home, string name)
    {
        if (_streams.TryGetValue(name, out RelayedStream? stream))
            return stream;
        RelayLink link = (uint)home < (uint)_links.Length && _links[home] is { } known
            ? known
            : throw new ArgumentOutOfRangeException(nameof(home), home, "No other worker.");
        stream = new RelayedStream(name, ++_lastAudience, link);
        _streams.Add(name, stream);
        return stream;
    }

    /// <summary>Viewers have come or gone: the stream's own worker is told with the next <see cref="Publish"/>.</summary>
    public void OnChanged(RelayedStream stream) => _changed.Add(stream);

    /// <summary>Shows the other workers what they were sent.</summary>
    public void Publish()
    {
        if (_changed.Count > 0)
        {
            foreach (RelayedStream stream in _changed)
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

    public void OnAudience(RelayLink link, int audience, string stream, int viewers, MonotonicTime now)
    {
        if (!_audiences.TryGetValue((link, audience), out Relayed? relayed))
        {
            if (viewers == 0)
                return;
            if (IsDraining)
            {
                link.TellStreamEnded(audience, PeerCloseReason.ShuttingDown);
                return;
            }
            relayed = new Relayed(streams.FindOrCreate(stream), new StreamRelay(audience, link));
            _audiences.Add((link, audience), relayed);
            relayed.Stream.Add(relayed.Relay, now);
        }
        if (viewers == 0)
            _audiences.Remove((link, audience));
        // Of a stream that has ended, its viewers have not heard of that yet.
        if (relayed.Stream.IsEnded)
            return;
        relayed.Relay.ViewerCount = viewers;
        if (viewers == 0)
            relayed.Stream.Remove(relayed.Relay);
        streams.OnChanged(relayed.Stream, now);
    }

    public void OnProgram(
        RelayLink link, int audience, ProgramChange change, ImmutableArray<Publication> video, ImmutableArray<Publication> audio, MonotonicTime now) =>
        Find(link, audience)?.OnProgram(change, video, audio, now);

    public void OnStreamEnded(RelayLink link, int audience, PeerCloseReason reason, MonotonicTime now)
    {
        if (Find(link, audience) is not { } stream)
            return;
        // Who comes from now on comes to another stream of this name.
        _streams.Remove(stream.Name);
        stream.Close(reason, now);
        _changed.Add(stream);
    }

    public void OnRelayFault(Exception fault) => outbox.Add(new WorkerEvent.RelayFaulted(fault));

    private RelayedStream? Find(RelayLink link, int audience)
    {
        foreach (RelayedStream stream in _streams.Values)
        {
            if (stream.Audience == audience && stream.Link == link)
                return stream;
        }
        return null;
    }

    private void TellAudience(RelayedStream stream)
    {
        int viewers = stream.Viewers.Count;
        if (viewers == 0 && Find(stream.Name) == stream)
            _streams.Remove(stream.Name);
        if (viewers == stream.ToldViewers)
            return;
        stream.ToldViewers = viewers;
        stream.Link.TellAudience(stream.Audience, viewers, stream.Name);
    }

    private sealed record Relayed(LiveStream Stream, StreamRelay Relay);
}
