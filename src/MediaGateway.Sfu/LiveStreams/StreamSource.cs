using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Where a live stream's media may come from. What it has is looked up again and again: sources come and go.</summary>
internal abstract class StreamSource(SourceDescription description)
{
    public SourceDescription Description { get; } = description;

    public string Id => Description.Id;

    /// <summary>What it has, as of the last <see cref="Refresh"/>.</summary>
    public SourceMedia Media { get; private set; } = SourceMedia.None;

    /// <summary>Whether media came from it lately, as of the last <see cref="Refresh"/>.</summary>
    public bool IsLive { get; private set; }

    /// <summary>Only there when nothing else is.</summary>
    public virtual bool IsStandIn => false;

    /// <summary>When the last key frame of its video came; null when it has no video.</summary>
    public MonotonicTime? LastKeyFrame
    {
        get
        {
            MonotonicTime? last = null;
            foreach (Publication video in Media.Video)
                last = MonotonicTime.Max(last ?? default, video.LastKeyFrame);
            return last;
        }
    }

    /// <summary>Looks up what it has; true when its media are others than before.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isToldChanged">What is told of it has changed.</param>
    public bool Refresh(MonotonicTime now, out bool isToldChanged)
    {
        SourceMedia media = Resolve(now);
        bool isChanged = !media.IsSame(Media);
        Media = media;
        bool isLive = IsActive(now);
        isToldChanged = isChanged || isLive != IsLive;
        IsLive = isLive;
        return isChanged;
    }

    /// <summary>The source is of the stream no more.</summary>
    public virtual void Release(MonotonicTime now)
    {
    }

    /// <summary>It is about to be shown.</summary>
    public virtual void Prepare(MonotonicTime now)
    {
    }

    public SourceInfo Snapshot() => new(
        Description,
        IsLive,
        HasVideo: !Media.Video.IsEmpty,
        HasAudio: !Media.Audio.IsEmpty,
        VideoCodec: Media.Video.FirstOrDefault()?.Codec.Kind,
        VideoRate: Media.Video.FirstOrDefault()?.Best?.Rate ?? default);

    protected abstract SourceMedia Resolve(MonotonicTime now);

    protected virtual bool IsActive(MonotonicTime now)
    {
        foreach (Publication video in Media.Video)
        {
            if (video.IsActive(now))
                return true;
        }
        foreach (Publication audio in Media.Audio)
        {
            if (audio.IsActive(now))
                return true;
        }
        return false;
    }
}
