using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// A named output that anyone with the right may watch. Viewers come and go, and so do publishers; a viewer's
/// streams run on through all of it. A successor replaces the publisher on air once it is connected, not before.
/// </summary>
public sealed class LiveStream
{
    private readonly List<Viewer> _viewers = [];
    private Publisher? _pending;

    public LiveStream(string name) => Name = name;

    public string Name { get; }

    /// <summary>The publisher on air; null when there is none.</summary>
    public Publisher? Publisher { get; private set; }

    public IReadOnlyList<Viewer> Viewers => _viewers;

    /// <summary>Nobody publishes, nobody watches: nothing to keep.</summary>
    public bool IsEmpty => Publisher is null && _pending is null && _viewers.Count == 0;

    public LiveStreamSnapshot Snapshot() => new(
        Name,
        IsLive: Publisher is not null,
        ViewerCount: _viewers.Count,
        Codecs: Publisher is null ? [] : [.. Publisher.Publications.Select(publication => publication.Codec)]);

    /// <summary>Whether a new publisher may come: there is none, it says that it takes over, or the one there is silent.</summary>
    internal bool Admits(bool takeOver, MonotonicTime now) =>
        takeOver || ((Publisher is null || Publisher.IsSilent(now)) && (_pending is null || _pending.IsSilent(now)));

    internal void Add(Publisher publisher, MonotonicTime now)
    {
        _pending?.Close(PeerCloseReason.Replaced, now);
        _pending = publisher;
        publisher.Stream = this;
    }

    internal void Add(Viewer viewer, MonotonicTime now)
    {
        _viewers.Add(viewer);
        viewer.Stream = this;
        viewer.SetSource(Publisher, now);
    }

    internal void OnPublisherConnected(Publisher publisher, MonotonicTime now)
    {
        if (publisher != _pending)
            return;
        Publisher? before = Publisher;
        Publisher = publisher;
        _pending = null;
        foreach (Viewer viewer in _viewers)
            viewer.SetSource(publisher, now);
        before?.Close(PeerCloseReason.Replaced, now);
    }

    internal void Remove(Peer peer, MonotonicTime now)
    {
        if (peer is Viewer viewer)
        {
            viewer.SetSource(null, now);
            _viewers.Remove(viewer);
        }
        else if (peer == _pending)
        {
            _pending = null;
        }
        else if (peer == Publisher)
        {
            Publisher = null;
            foreach (Viewer remaining in _viewers)
                remaining.SetSource(null, now);
        }
    }
}
