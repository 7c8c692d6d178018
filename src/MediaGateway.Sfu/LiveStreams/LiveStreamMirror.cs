using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// A live stream that lives on another worker (its home), as its viewers here see it. Its publisher, its director and its events are at
/// home; what is on air comes from there as relayed publications. At home a <see cref="RemoteAudience"/> stands for the viewers.
/// </summary>
public sealed class LiveStreamMirror
{
    private readonly List<Viewer> _viewers = [];
    private SourcePublications _video = SourcePublications.None;
    private SourcePublications _audio = SourcePublications.None;

    private readonly Action<LiveStreamMirror> _onMembersChanged;

    internal LiveStreamMirror(string name, int audience, RelayLink link, Action<LiveStreamMirror> onMembersChanged)
    {
        _onMembersChanged = onMembersChanged;
        Name = name;
        Audience = audience;
        Link = link;
    }

    public string Name { get; }

    public IReadOnlyList<Viewer> Viewers => _viewers;

    /// <summary>Number of its viewers as an audience, for home.</summary>
    internal int Audience { get; }

    internal RelayLink Link { get; }

    /// <summary>Number of viewers that home was last told of.</summary>
    internal int ToldViewers { get; set; }

    /// <summary>Measures what its viewers here are sent.</summary>
    public LiveStreamStats Measure() => LiveStreamStats.Of(Name, _viewers, []);

    internal void Add(Viewer viewer, ViewTarget target, MonotonicTime now)
    {
        _viewers.Add(viewer);
        viewer.Mirror = this;
        viewer.Target = target;
        viewer.Show(_video, _audio, now);
    }

    internal void Remove(Viewer viewer, MonotonicTime now)
    {
        viewer.Show(null, null, now);
        _viewers.Remove(viewer);
        _onMembersChanged(this);
    }

    /// <summary>Gives viewers what home says that they are to see and hear.</summary>
    internal void OnProgram(LiveStreamMessage.Program program, MonotonicTime now)
    {
        _video = new SourcePublications(Find(program.Video), []);
        _audio = new SourcePublications([], Find(program.Audio));
        foreach (Viewer viewer in _viewers)
        {
            switch (program.Change)
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
                    viewer.Show(_video, _audio, now);
                    break;
            }
        }
    }

    internal void Close(PeerCloseReason reason, MonotonicTime now)
    {
        foreach (Viewer viewer in _viewers.ToImmutableArray())
            viewer.Close(reason, now);
    }

    /// <summary>The publications of these numbers, as far as they are here.</summary>
    private ImmutableArray<Publication> Find(ImmutableArray<int> ids) => [.. ids.Select(Link.FindPublication).OfType<Publication>()];
}
