using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// The viewers here of a live stream that lives on another worker. Its publisher, its director and all that is told of it
/// are there; what is on air comes from there as relayed publications.
/// </summary>
public sealed class RelayedStream
{
    private readonly List<Viewer> _viewers = [];
    private SourceMedia _video = SourceMedia.None;
    private SourceMedia _audio = SourceMedia.None;

    internal RelayedStream(string name, int audience, RelayLink link)
    {
        Name = name;
        Audience = audience;
        Link = link;
    }

    public string Name { get; }

    public IReadOnlyList<Viewer> Viewers => _viewers;

    /// <summary>Names its viewers to the worker that it lives on.</summary>
    internal int Audience { get; }

    internal RelayLink Link { get; }

    /// <summary>How many viewers that worker knows of.</summary>
    internal int ToldViewers { get; set; }

    /// <summary>The numbers of its viewers here.</summary>
    public LiveStreamStats Measure() => LiveStreamStats.Of(Name, _viewers, []);

    internal void Add(Viewer viewer, ViewTarget target, MonotonicTime now)
    {
        _viewers.Add(viewer);
        viewer.RelayedStream = this;
        viewer.Target = target;
        viewer.SetSource(_video, _audio, now);
    }

    internal void Remove(Viewer viewer, MonotonicTime now)
    {
        viewer.SetSource(null, null, now);
        _viewers.Remove(viewer);
    }

    /// <summary>What its worker says that viewers are to see and hear.</summary>
    internal void OnProgram(ProgramChange change, ImmutableArray<Publication> video, ImmutableArray<Publication> audio, MonotonicTime now)
    {
        _video = new SourceMedia(video, []);
        _audio = new SourceMedia([], audio);
        foreach (Viewer viewer in _viewers)
        {
            switch (change)
            {
                case ProgramChange.Switch:
                    viewer.SwitchTo(_video, now);
                    break;
                case ProgramChange.Sound:
                    viewer.SetAudio(_audio, now);
                    break;
                case ProgramChange.Settle:
                    viewer.Settle();
                    break;
                default:
                    viewer.SetSource(_video, _audio, now);
                    break;
            }
        }
    }

    internal void Close(PeerCloseReason reason, MonotonicTime now)
    {
        foreach (Viewer viewer in _viewers.ToImmutableArray())
            viewer.Close(reason, now);
    }
}
