using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Whoever publishes a stream, its own or another.</summary>
/// <param name="description">What the director said.</param>
/// <param name="publisher">Looks the publisher up; null when there is none.</param>
internal sealed class PublisherSource(SourceDescription description, Func<Publisher?> publisher) : StreamSource(description)
{
    private Publisher? _found;
    private SourceMedia _media = SourceMedia.None;

    protected override SourceMedia Resolve(MonotonicTime now)
    {
        Publisher? found = publisher();
        if (found != _found)
        {
            _found = found;
            _media = found is null ? SourceMedia.None : SourceMedia.Of(found.Find(MediaKind.Video), found.Find(MediaKind.Audio));
        }
        return _media;
    }
}
