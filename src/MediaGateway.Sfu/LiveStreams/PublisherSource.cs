using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A source that is whoever publishes a stream, its own or another.</summary>
/// <param name="description">The source as its director describes it.</param>
/// <param name="publisher">Looks the publisher up; null when there is none.</param>
internal sealed class PublisherSource(SourceDescription description, Func<Publisher?> publisher) : StreamSource(description)
{
    private Publisher? _found;
    private SourcePublications _publications = SourcePublications.None;

    protected override SourcePublications Resolve(MonotonicTime now)
    {
        Publisher? found = publisher();
        if (found != _found)
        {
            _found = found;
            _publications = found is null
                ? SourcePublications.None
                : SourcePublications.Of(found.Find(MediaKind.Video), found.Find(MediaKind.Audio));
        }
        return _publications;
    }
}
