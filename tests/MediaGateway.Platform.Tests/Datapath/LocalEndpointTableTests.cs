using System.Net;
using MediaGateway.Platform.Datapath;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Datapath;

/// <summary>The local ends that a worker's paths name.</summary>
public sealed class LocalEndpointTableTests
{
    private static readonly TransportAddress First = TransportAddress.From(IPAddress.Loopback, 1000);
    private static readonly TransportAddress Second = TransportAddress.From(IPAddress.IPv6Loopback, 1000);

    private readonly LocalEndpointTable _table = new([First, Second]);

    [Fact]
    public void Endpoints_have_ids_in_the_order_of_their_addresses() =>
        Assert.Equal([new LocalEndpoint(new EndpointId(0), First), new LocalEndpoint(new EndpointId(1), Second)], _table.All);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Only_its_own_ids_are_in_it(int id, bool expected) => Assert.Equal(expected, _table.Contains(new EndpointId(id)));

    [Fact]
    public void Closed_paths_are_taken_once_and_in_order()
    {
        NetworkPath one = new(new EndpointId(0), First), other = new(new EndpointId(1), First);
        _table.Close(one);
        _table.Close(other);

        Assert.True(_table.TryTakeClosedPath(out NetworkPath taken));
        Assert.Equal(one, taken);
        Assert.True(_table.TryTakeClosedPath(out taken));
        Assert.Equal(other, taken);
        Assert.False(_table.TryTakeClosedPath(out _));
    }
}
