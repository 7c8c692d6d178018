using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// The sources of a live stream, and what its director does with them: which one is on air, which one is next. A cut waits for
/// the next source's key frame while the one on air goes on; sound changes with the picture.
/// </summary>
internal sealed class ProgramBus
{
    public const int MaxSources = LiveStream.MaxSources;

    /// <summary>Time after which a cut is given up when its key frame has not come.</summary>
    private static readonly TimeSpan PendingLimit = TimeSpan.FromSeconds(2);

    /// <summary>Time for which a viewer that cannot follow a cut, for want of the codec, goes on seeing what is off air.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(500);

    private readonly LiveStream _stream;
    private readonly List<StreamSource> _sources = [];
    private MonotonicTime _pendingSince;
    private MonotonicTime _settleAt = MonotonicTime.Never;
    private bool _swapsPreview;

    /// <summary>True when a director put the program on air; only its end takes it off then.</summary>
    private bool _isChosen;

    public ProgramBus(LiveStream stream, StreamSource ownPublisher)
    {
        _stream = stream;
        _sources.Add(ownPublisher);
    }

    public IReadOnlyList<StreamSource> Sources => _sources;

    public StreamSource? Program { get; private set; }

    public StreamSource? Preview { get; private set; }

    /// <summary>Source that goes on air at its next key frame; null when none does.</summary>
    public StreamSource? Pending { get; private set; }

    /// <summary>Source of the sound; null when it follows the program.</summary>
    public StreamSource? Audio { get; private set; }

    public bool Failover { get; set; } = true;

    public MonotonicTime ProgramSince { get; private set; }

    public long CutCount { get; private set; }

    /// <summary>Time from the decision for the last change of the program to its key frame; null when it waited for none.</summary>
    public TimeSpan? LastCutTook { get; private set; }

    /// <summary>Source that viewers see, or are about to see.</summary>
    public StreamSource? Shown => Pending ?? Program;

    public StreamSource? Heard => Audio ?? Program;

    /// <summary>True when the bus has to be looked at again as time goes by.</summary>
    public bool NeedsTicks => _sources.Count > 1 || Pending is not null || !_settleAt.IsNever;

    public StreamSource? Find(string id) => _sources.Find(source => source.Id == id);

    public BusResult Add(StreamSource source, MonotonicTime now)
    {
        if (Find(source.Id) is not null)
            return BusResult.SourceExists;
        if (_sources.Count >= MaxSources)
            return BusResult.TooManySources;
        _sources.Add(source);
        source.Refresh(now, out _);
        return BusResult.Done;
    }

    public BusResult Remove(string id, MonotonicTime now)
    {
        if (Find(id) is not { } source)
            return BusResult.SourceNotFound;
        if (source == _sources[0])
            return BusResult.NotRemovable;
        _sources.Remove(source);
        if (Preview == source)
            Preview = null;
        if (Pending == source)
            GiveUp(now);
        if (Audio == source)
            Hear(null, now);
        if (Program == source)
        {
            Program = null;
            if (!TakeNext(now))
                _stream.Show(now);
        }
        source.Release(now);
        return BusResult.Done;
    }

    public BusResult SetPreview(string id)
    {
        StreamSource? source = Find(id);
        if (source is null && id.Length > 0)
            return BusResult.SourceNotFound;
        Preview = source;
        return BusResult.Done;
    }

    public BusResult SetAudio(string id, MonotonicTime now)
    {
        StreamSource? source = Find(id);
        if (source is null && id.Length > 0)
            return BusResult.SourceNotFound;
        Hear(source, now);
        return BusResult.Done;
    }

    public BusResult Cut(string expectedProgram, MonotonicTime now)
    {
        if (!IsExpected(expectedProgram))
            return BusResult.ProgramChanged;
        if (Preview is null)
            return BusResult.NoPreview;
        BusResult result = SetProgram(Preview, now);
        _swapsPreview = result == BusResult.Done;
        if (Pending is null)
            SwapPreview(before: null);
        return result;
    }

    public BusResult SetProgram(string id, string expectedProgram, MonotonicTime now)
    {
        if (Find(id) is not { } source)
            return BusResult.SourceNotFound;
        return IsExpected(expectedProgram) ? SetProgram(source, now) : BusResult.ProgramChanged;
    }

    /// <summary>The stream's own publisher came, changed or went, which everybody sees at once if it is on air or nothing is.</summary>
    public void OnOwnPublisherChanged(MonotonicTime now)
    {
        StreamSource own = _sources[0];
        if (!own.Refresh(now, out _))
            return;
        if (Program is null && !own.Publications.IsEmpty)
            PutOnAir(own, now);
        _stream.OnSourceChanged(own, now);
    }

    /// <summary>Looks at all sources again; true when anything that is told of the stream has changed.</summary>
    public bool Tick(MonotonicTime now)
    {
        bool isTold = false;
        foreach (StreamSource source in _sources)
        {
            if (source.Refresh(now, out bool isToldChanged))
                _stream.OnSourceChanged(source, now);
            isTold |= isToldChanged;
        }
        if (now >= _settleAt)
        {
            _settleAt = MonotonicTime.Never;
            _stream.Settle();
        }
        return (Pending is null ? FailOver(now) : Proceed(now)) || isTold;
    }

    public void Release(MonotonicTime now)
    {
        foreach (StreamSource source in _sources)
            source.Release(now);
    }

    private bool IsExpected(string program) => program.Length == 0 || program == (Program?.Id ?? "");

    private BusResult SetProgram(StreamSource source, MonotonicTime now)
    {
        source.Refresh(now, out _);
        if (!source.IsLive)
            return BusResult.NotLive;
        Begin(source, now);
        _isChosen = true;
        return BusResult.Done;
    }

    private void Begin(StreamSource source, MonotonicTime now)
    {
        _swapsPreview = false;
        Pending = source == Program ? null : source;
        _pendingSince = now;
        source.Prepare(now);
        _stream.Switch(now);
        if (Pending is null)
        {
            _settleAt = now + SettleTime;
            return;
        }
        foreach (Publication video in source.Publications.Video)
            video.RequestKeyFrame(now);
        Proceed(now);
    }

    /// <summary>Goes on with the cut that is under way; true when it is done or given up.</summary>
    private bool Proceed(MonotonicTime now)
    {
        StreamSource next = Pending!;
        if (next.LastKeyFrame is not { } keyFrame || keyFrame > _pendingSince)
        {
            StreamSource? before = Program;
            PutOnAir(next, now);
            _stream.Show(now, keepVideo: true);
            _settleAt = now + SettleTime;
            if (_swapsPreview)
                SwapPreview(before);
            return true;
        }
        if (now - _pendingSince < PendingLimit && next.IsLive)
            return false;
        GiveUp(now);
        return true;
    }

    private void PutOnAir(StreamSource source, MonotonicTime now)
    {
        if (Program != source)
        {
            CutCount++;
            LastCutTook = Pending == source ? now - _pendingSince : null;
        }
        Pending = null;
        Program = source;
        ProgramSince = now;
    }

    private void SwapPreview(StreamSource? before)
    {
        if (_swapsPreview)
            Preview = before;
        _swapsPreview = false;
    }

    private void GiveUp(MonotonicTime now)
    {
        Pending = null;
        _swapsPreview = false;
        if (Program is null)
        {
            _stream.Show(now);
            return;
        }
        _stream.Switch(now);
        _settleAt = now + SettleTime;
    }

    private bool FailOver(MonotonicTime now)
    {
        bool isDead = Program is null || !Program.IsLive;
        bool isStandIn = Program is { IsStandIn: true } && !_isChosen;
        return (isDead || isStandIn) && (Failover || Program is null) && TakeNext(now);
    }

    /// <summary>
    /// Takes the next source that is live: in the order of the list, going on behind the one on air, stand-ins last.
    /// False when there is none but the one on air.
    /// </summary>
    private bool TakeNext(MonotonicTime now)
    {
        int start = Program is null ? 0 : _sources.IndexOf(Program) + 1;
        StreamSource? next = null;
        for (int i = 0; i < _sources.Count; i++)
        {
            StreamSource candidate = _sources[(start + i) % _sources.Count];
            if (candidate == Program || !candidate.IsLive || (candidate.IsStandIn && Program is { IsLive: true }))
                continue;
            if (next is null || (next.IsStandIn && !candidate.IsStandIn))
                next = candidate;
        }
        if (next is null)
            return false;
        _isChosen = false;
        Begin(next, now);
        return true;
    }

    private void Hear(StreamSource? source, MonotonicTime now)
    {
        Audio = source;
        source?.Prepare(now);
        _stream.Show(now, keepVideo: true);
    }

    public ImmutableArray<SourceInfo> Snapshot()
    {
        var sources = ImmutableArray.CreateBuilder<SourceInfo>(_sources.Count);
        foreach (StreamSource source in _sources)
            sources.Add(source.Snapshot());
        return sources.MoveToImmutable();
    }
}
