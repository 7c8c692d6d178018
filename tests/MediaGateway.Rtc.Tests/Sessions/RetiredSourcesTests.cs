using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Rtc.Tests.Sessions;

public sealed class RetiredSourcesTests
{
    private static readonly RetiredSource Source = new(new Mid("1"), null, IsRetransmission: false);

    private readonly RetiredSources _sources = new(capacity: 2);

    [Fact]
    public void Add_beyond_the_capacity_forgets_the_oldest()
    {
        foreach (uint ssrc in (uint[])[1, 2, 1, 3])
            _sources.Add(new Ssrc(ssrc), Source);

        Assert.True(_sources.TryGet(new Ssrc(1), out RetiredSource? found));
        Assert.Same(Source, found);
        Assert.False(_sources.TryGet(new Ssrc(2), out _));
        Assert.True(_sources.TryGet(new Ssrc(3), out _));
    }

    [Fact]
    public void Remove_makes_room()
    {
        _sources.Add(new Ssrc(1), Source);
        _sources.Add(new Ssrc(2), Source);
        _sources.Remove(new Ssrc(2));
        _sources.Add(new Ssrc(3), Source);

        Assert.True(_sources.TryGet(new Ssrc(1), out _));
        Assert.False(_sources.TryGet(new Ssrc(2), out _));
    }
}
