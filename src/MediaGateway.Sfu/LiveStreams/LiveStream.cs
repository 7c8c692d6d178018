using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// A named output that anyone with the right may watch. Viewers come and go, and so do publishers; a viewer's
/// streams run on through all of it. A successor replaces the publisher on air once it is connected, not before.
/// Without a director what is on air is the stream's own publisher; with one, see <see cref="ProgramBus"/>.
/// </summary>
public sealed class LiveStream : TimerEntry
{
    /// <summary>Most sources of one stream, its own publisher included.</summary>
    public const int MaxSources = 64;

    /// <summary>Time within which a key frame, or the silence of a source, is noticed.</summary>
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(40);

    private readonly ILiveStreamHost _host;
    private readonly ProgramBus _bus;
    private readonly List<Viewer> _viewers = [];
    private readonly List<RemoteAudience> _audiences = [];
    private Publisher? _pending;

    internal LiveStream(string name, ILiveStreamHost host)
    {
        Name = name;
        _host = host;
        _bus = new ProgramBus(this, new PublisherSource(new SourceDescription.OwnPublisher(), () => Publisher));
    }

    public string Name { get; }

    /// <summary>The publisher that is connected; null when there is none.</summary>
    public Publisher? Publisher { get; private set; }

    /// <summary>Viewers on this worker.</summary>
    public IReadOnlyList<Viewer> Viewers => _viewers;

    /// <summary>Number of viewers on all workers, without those of single sources.</summary>
    public int ViewerCount => _viewers.Count(IsOfProgram) + _audiences.Sum(audience => audience.ViewerCount);

    /// <summary>True when a director wants the stream to stay without publisher and viewers.</summary>
    public bool IsKept { get; internal set; }

    /// <summary>Text of the application's own.</summary>
    public string Metadata { get; private set; } = "";

    /// <summary>True when the next live source takes over when the one on air dies.</summary>
    public bool Failover => _bus.Failover;

    /// <summary>True when nobody publishes, watches or directs the stream, so that it need not be kept.</summary>
    public bool IsEmpty => Publisher is null && _pending is null && _viewers.Count == 0 && _audiences.Count == 0 && !IsKept;

    internal bool IsEnded { get; private set; }

    /// <summary>
    /// The codecs that may come, as their publishers negotiated them: those on air first, then those of the other sources.
    /// </summary>
    public ImmutableArray<RtpCodec> Codecs
    {
        get
        {
            var codecs = ImmutableArray.CreateBuilder<RtpCodec>(2);
            AddCodecs(codecs, onAir: true);
            AddCodecs(codecs, onAir: false);
            return codecs.DrainToImmutable();
        }
    }

    public LiveStreamSnapshot Snapshot() => new()
    {
        Name = Name,
        IsLive = _bus.Program is { Publications.IsEmpty: false },
        ViewerCount = ViewerCount,
        Codecs = Codecs,
        Sources = _bus.Snapshot(),
        Program = _bus.Program?.Id ?? "",
        Preview = _bus.Preview?.Id ?? "",
        Pending = _bus.Pending?.Id ?? "",
        Audio = _bus.Audio?.Id ?? "",
        Failover = Failover,
        IsKept = IsKept,
        Metadata = Metadata,
        ProgramSince = _bus.Program is null ? 0 : _host.Context.Clock.UnixTime(_bus.ProgramSince),
        CutCount = _bus.CutCount,
        LastCutTook = _bus.LastCutTook,
        IsEnded = IsEnded,
    };

    /// <summary>Measures what the viewers on this worker are sent.</summary>
    public LiveStreamStats Measure() => LiveStreamStats.Of(Name, [.. _viewers.Where(IsOfProgram)], _bus.Snapshot());

    /// <summary>Changes the settings that are not null.</summary>
    public void Update(bool? failover, string? metadata)
    {
        _bus.Failover = failover ?? _bus.Failover;
        Metadata = metadata ?? Metadata;
        _host.OnStreamChanged(this);
    }

    public BusResult AddSource(SourceDescription description, MonotonicTime now) => Command(_bus.Add(Create(description), now), now);

    public BusResult RemoveSource(string id, MonotonicTime now) => Command(_bus.Remove(id, now), now);

    /// <summary>Chooses what <see cref="Cut"/> takes on air; empty for nothing.</summary>
    public BusResult SetPreview(string id, MonotonicTime now) => Command(_bus.SetPreview(id), now);

    /// <summary>Chooses the source of the sound; empty to follow the program.</summary>
    public BusResult SetAudio(string id, MonotonicTime now) => Command(_bus.SetAudio(id, now), now);

    /// <summary>Takes the preview on air at its next key frame; what was on air becomes the preview.</summary>
    /// <param name="expectedProgram">What the director believes to be on air; empty to cut in any case.</param>
    /// <param name="now">The time.</param>
    public BusResult Cut(string expectedProgram, MonotonicTime now) => Command(_bus.Cut(expectedProgram, now), now);

    /// <summary>Takes a source on air at its next key frame; the preview stays.</summary>
    /// <param name="id">The source.</param>
    /// <param name="expectedProgram">What the director believes to be on air; empty to cut in any case.</param>
    /// <param name="now">The time.</param>
    public BusResult SetProgram(string id, string expectedProgram, MonotonicTime now) =>
        Command(_bus.SetProgram(id, expectedProgram, now), now);

    /// <summary>Tells whether a new publisher may come: there is none, it says that it takes over, or the one there is silent.</summary>
    internal bool Admits(bool takeOver, MonotonicTime now) =>
        takeOver || ((Publisher is null || Publisher.IsSilent(now)) && (_pending is null || _pending.IsSilent(now)));

    internal void Add(Publisher publisher, MonotonicTime now)
    {
        _pending?.Close(PeerCloseReason.Replaced, now);
        _pending = publisher;
        publisher.Stream = this;
    }

    internal bool HasSource(string id) => _bus.Find(id) is not null;

    internal void Add(Viewer viewer, ViewTarget target, MonotonicTime now)
    {
        _viewers.Add(viewer);
        viewer.Stream = this;
        viewer.Target = target;
        Show(viewer, keepVideo: false, now);
    }

    /// <summary>Takes in the viewers on another worker.</summary>
    internal void Add(RemoteAudience audience, MonotonicTime now)
    {
        _audiences.Add(audience);
        Show(audience, keepVideo: false, now);
    }

    internal void Remove(RemoteAudience audience)
    {
        _audiences.Remove(audience);
        audience.Close();
    }

    internal void OnPublisherConnected(Publisher publisher, MonotonicTime now)
    {
        if (publisher != _pending)
            return;
        Publisher? before = Publisher;
        Publisher = publisher;
        _pending = null;
        _bus.OnOwnPublisherChanged(now);
        Reschedule(now);
        before?.Close(PeerCloseReason.Replaced, now);
        _host.OnStreamChanged(this);
    }

    internal void Remove(Viewer viewer, MonotonicTime now)
    {
        viewer.Show(null, null, now);
        _viewers.Remove(viewer);
        _host.OnMembersChanged(this, now);
    }

    internal void Remove(Publisher publisher, MonotonicTime now)
    {
        if (publisher == _pending)
        {
            _pending = null;
        }
        else if (publisher == Publisher)
        {
            Publisher = null;
            _bus.OnOwnPublisherChanged(now);
        }
        _host.OnMembersChanged(this, now);
    }

    /// <summary>Sends publishers and viewers away, wherever they are, and lets go of the sources.</summary>
    internal void Delete(PeerCloseReason reason, MonotonicTime now)
    {
        IsKept = false;
        _pending?.Close(reason, now);
        Publisher?.Close(reason, now);
        foreach (Viewer viewer in _viewers.ToImmutableArray())
            viewer.Close(reason, now);
        foreach (RemoteAudience audience in _audiences)
            audience.End(reason);
        _audiences.Clear();
        End(now);
    }

    /// <summary>Ends the stream.</summary>
    internal void End(MonotonicTime now)
    {
        if (IsEnded)
            return;
        IsEnded = true;
        _host.Context.Timers.Cancel(this);
        _bus.Release(now);
    }

    /// <summary>Has all viewers see and hear what is on air now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="keepVideo">Their pictures are changing, or have changed, at a key frame already.</param>
    internal void Show(MonotonicTime now, bool keepVideo = false)
    {
        foreach (Viewer viewer in _viewers)
            Show(viewer, keepVideo, now);
        foreach (RemoteAudience audience in _audiences)
            Show(audience, keepVideo, now);
    }

    private bool IsOnAir(StreamSource source) => source == _bus.Shown || source == _bus.Heard;

    private void AddCodecs(ImmutableArray<RtpCodec>.Builder codecs, bool onAir)
    {
        foreach (StreamSource source in _bus.Sources)
        {
            if (source.IsStandIn || IsOnAir(source) != onAir)
                continue;
            foreach (Publication video in source.Publications.Video)
                codecs.Add(video.Codec);
            foreach (Publication audio in source.Publications.Audio)
                codecs.Add(audio.Codec);
        }
    }

    /// <summary>A source has other publications than before: whoever sees or hears it is sent those.</summary>
    internal void OnSourceChanged(StreamSource source, MonotonicTime now)
    {
        bool isOnAir = IsOnAir(source);
        foreach (Viewer viewer in _viewers)
        {
            if (viewer.SourceId.Length == 0 ? isOnAir : viewer.SourceId == source.Id)
                Show(viewer, keepVideo: false, now);
        }
        if (!isOnAir)
            return;
        foreach (RemoteAudience audience in _audiences)
            Show(audience, keepVideo: false, now);
    }

    /// <summary>Lets all viewers of the program go on to what is shown next at its key frame.</summary>
    internal void Switch(MonotonicTime now)
    {
        if (_bus.Shown is not { } shown)
            return;
        foreach (Viewer viewer in _viewers.Where(IsOfProgram))
            viewer.SwitchTo(shown.Publications, now);
        foreach (RemoteAudience audience in _audiences)
            audience.SwitchTo(shown.Publications);
    }

    /// <summary>A viewer that has not followed a cut by now is shown nothing rather than what is off air.</summary>
    internal void Settle()
    {
        foreach (Viewer viewer in _viewers)
            viewer.Settle();
        foreach (RemoteAudience audience in _audiences)
            audience.Settle();
    }

    protected override void OnDue(MonotonicTime now)
    {
        try
        {
            if (_bus.Tick(now))
                _host.OnStreamChanged(this);
            Reschedule(now);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _host.OnStreamFault(this, fault);
        }
    }

    private void Show(Viewer viewer, bool keepVideo, MonotonicTime now)
    {
        StreamSource? picked = viewer.SourceId.Length > 0 ? _bus.Find(viewer.SourceId) : null;
        StreamSource? shown = viewer.SourceId.Length > 0 ? picked : _bus.Shown;
        StreamSource? heard = viewer.SourceId.Length > 0 ? picked : _bus.Heard;
        shown?.Prepare(now);
        if (keepVideo && viewer.SourceId.Length == 0)
            viewer.SetAudio(heard?.Publications, now);
        else
            viewer.Show(shown?.Publications, heard?.Publications, now);
    }

    private void Show(RemoteAudience audience, bool keepVideo, MonotonicTime now)
    {
        _bus.Shown?.Prepare(now);
        if (keepVideo)
            audience.SetAudio(_bus.Heard?.Publications);
        else
            audience.Show(_bus.Shown?.Publications, _bus.Heard?.Publications);
    }

    private static bool IsOfProgram(Viewer viewer) => viewer.SourceId.Length == 0;

    private BusResult Command(BusResult result, MonotonicTime now)
    {
        Reschedule(now);
        if (result == BusResult.Done)
            _host.OnStreamChanged(this);
        return result;
    }

    private void Reschedule(MonotonicTime now)
    {
        if (_bus.NeedsTicks && !IsEnded)
            _host.Context.Timers.Schedule(this, now + TickInterval);
    }

    private StreamSource Create(SourceDescription description) => description switch
    {
        SourceDescription.Participant participant => new ParticipantSource(participant, _host.FindRoom),
        SourceDescription.Publisher publisher => new PublisherSource(publisher, () => _host.FindStream(publisher.Stream)?.Publisher),
        SourceDescription.Slate slate => new SlateSource(slate, _host.SlateOf(slate.Pattern)),
        _ => throw new ArgumentException("A stream has one publisher of its own.", nameof(description)),
    };
}
