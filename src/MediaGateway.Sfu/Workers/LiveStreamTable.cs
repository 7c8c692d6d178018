using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Sfu.Workers;

/// <summary>A worker's live streams, and what they need of it.</summary>
internal sealed class LiveStreamTable(WorkerContext context, SlateLibrary slates, RoomTable rooms, IWorkerOutbox outbox) : ILiveStreamHost
{
    private readonly Dictionary<string, LiveStream> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<SlatePattern, Slate> _slates = [];

    public WorkerContext Context => context;

    public IReadOnlyCollection<LiveStream> Streams => _streams.Values;

    public LiveStream? FindStream(string name) => _streams.GetValueOrDefault(name);

    public Room? FindRoom(string name) => rooms.Find(name);

    public LiveStream FindOrCreate(string name)
    {
        if (_streams.TryGetValue(name, out LiveStream? stream))
            return stream;
        stream = new LiveStream(name, this);
        _streams.Add(name, stream);
        return stream;
    }

    public Slate SlateOf(SlatePattern pattern)
    {
        if (!_slates.TryGetValue(pattern, out Slate? slate))
            _slates[pattern] = slate = new Slate(slates.Clips[pattern], context.Media);
        return slate;
    }

    /// <summary>Lets go of a stream that nobody publishes, watches or directs, and tells.</summary>
    public void OnChanged(LiveStream stream, MonotonicTime now)
    {
        if (stream.IsEmpty && _streams.GetValueOrDefault(stream.Name) == stream)
        {
            _streams.Remove(stream.Name);
            stream.End(now);
        }
        OnStreamChanged(stream);
    }

    public void Delete(LiveStream stream, PeerCloseReason reason, MonotonicTime now)
    {
        stream.Delete(reason, now);
        OnChanged(stream, now);
    }

    public void OnStreamChanged(LiveStream stream) => outbox.Add(new WorkerEvent.LiveStreamChanged(stream.Snapshot()));

    public void OnStreamFault(LiveStream stream, Exception fault) => outbox.Add(new WorkerEvent.LiveStreamFaulted(stream.Name, fault));
}
