using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>The worker that a live stream lives on, as far as the stream needs it.</summary>
internal interface ILiveStreamHost
{
    public WorkerContext Context { get; }

    public LiveStream? FindStream(string name);

    public Room? FindRoom(string name);

    /// <summary>The worker's slate of a pattern.</summary>
    public Slate SlateOf(SlatePattern pattern);

    /// <summary>A publisher or a viewer has left: a stream that nobody uses any more is forgotten.</summary>
    public void OnMembersChanged(LiveStream stream, MonotonicTime now);

    public void OnStreamChanged(LiveStream stream);

    /// <summary>A bug was hit while the stream's timer ran; its bus does nothing until the next command.</summary>
    public void OnStreamFault(LiveStream stream, Exception fault);
}
