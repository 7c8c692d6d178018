using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>What a live stream needs of the worker it lives on.</summary>
internal interface ILiveStreamHost
{
    public WorkerContext Context { get; }

    public LiveStream? FindStream(string name);

    public Room? FindRoom(string name);

    /// <summary>The worker's slate of a pattern.</summary>
    public Slate SlateOf(SlatePattern pattern);

    public void OnStreamChanged(LiveStream stream);

    /// <summary>A bug was hit while the stream's timer ran; its bus stands still until the next command.</summary>
    public void OnStreamFault(LiveStream stream, Exception fault);
}
