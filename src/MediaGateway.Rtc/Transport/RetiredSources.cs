using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Transport;

/// <summary>The last <paramref name="capacity"/> sources that lost their section.</summary>
internal sealed class RetiredSources(int capacity)
{
    private readonly OrderedDictionary<Ssrc, RetiredSource> _sources = [];

    public bool TryGet(Ssrc ssrc, out RetiredSource? source) => _sources.TryGetValue(ssrc, out source);

    public void Add(Ssrc ssrc, RetiredSource source)
    {
        _sources.Remove(ssrc);
        if (_sources.Count == capacity)
            _sources.RemoveAt(0);
        _sources.Add(ssrc, source);
    }

    public void Remove(Ssrc ssrc) => _sources.Remove(ssrc);
}
