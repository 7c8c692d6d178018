using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A source that a live stream's media may come from. Its publications are looked up at every tick: sources come and go.</summary>
internal abstract class StreamSource(SourceDescription description)
{
    public SourceDescription Description { get; } = description;

    public string Id => Description.Id;

    /// <summary>Publications of the source, as of the last <see cref="Refresh"/>.</summary>
    public SourcePublications Publications { get; private set; } = SourcePublications.None;

    /// <summary>True when media came from the source lately, as of the last <see cref="Refresh"/>.</summary>
    public bool IsLive { get; private set; }

    /// <summary>True when the source goes on air by itself only when no other is live.</summary>
    public virtual bool IsStandIn => false;

    /// <summary>Time at which the last key frame of its video came; null when it has no video.</summary>
    public MonotonicTime? LastKeyFrame
    {
        get
        {
            MonotonicTime? last = null;
            foreach (Publication video in Publications.Video)
                last = MonotonicTime.Max(last ?? default, video.LastKeyFrame);
            return last;
        }
    }

    /// <summary>Looks its publications up; true when they are others than before.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isToldChanged">Whether anything that is told of the source has changed.</param>
    public bool Refresh(MonotonicTime now, out bool isToldChanged)
    {
        SourcePublications resolved = Resolve(now);
        bool isChanged = !resolved.IsSame(Publications);
        Publications = resolved;
        bool isLive = IsActive(now);
        isToldChanged = isChanged || isLive != IsLive;
        IsLive = isLive;
        return isChanged;
    }

    /// <summary>Lets go of whatever the source holds: it is no longer the stream's.</summary>
    public virtual void Release(MonotonicTime now)
    {
    }

    /// <summary>Gets ready: the source is about to be shown.</summary>
    public virtual void Prepare(MonotonicTime now)
    {
    }

    public SourceInfo Snapshot() => new(
        Description,
        IsLive,
        HasVideo: !Publications.Video.IsEmpty,
        HasAudio: !Publications.Audio.IsEmpty,
        VideoCodec: Publications.Video.FirstOrDefault()?.Codec.Kind,
        VideoRate: Publications.Video.FirstOrDefault()?.Best?.Rate ?? default);

    protected abstract SourcePublications Resolve(MonotonicTime now);

    protected virtual bool IsActive(MonotonicTime now)
    {
        foreach (Publication video in Publications.Video)
        {
            if (video.IsActive(now))
                return true;
        }
        foreach (Publication audio in Publications.Audio)
        {
            if (audio.IsActive(now))
                return true;
        }
        return false;
    }
}
