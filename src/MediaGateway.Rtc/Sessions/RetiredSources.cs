using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sessions;

/// <summary>The last <paramref name="capacity"/> sources that lost their section.</summary>
internal sealed class RetiredSources(int capacity)
{
    /// <summary>Retired sources by SSRC; null while there are none, since most peers never have any.</summary>
    private Dictionary<Ssrc, (long Order, RetiredSource Source)>? _sources;
    private long _order;

    public bool TryGet(Ssrc ssrc, out RetiredSource? source)
    {
        source = _sources is not null && _sources.TryGetValue(ssrc, out (long Order, RetiredSource Source) entry) ? entry.Source : null;
        return source is not null;
    }

    public void Add(Ssrc ssrc, RetiredSource source)
    {
        _sources ??= [];
        _sources[ssrc] = (_order++, source);
        if (_sources.Count > capacity)
            _sources.Remove(_sources.MinBy(entry => entry.Value.Order).Key);
    }

    public void Remove(Ssrc ssrc) => _sources?.Remove(ssrc);
}
